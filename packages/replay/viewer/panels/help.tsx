/**
 * The keys, as a dialog.
 */
import { useEffect, useRef } from "preact/hooks";
import { KEYS } from "../keys.ts";
import { useShown, useStore } from "./use-shown.ts";

/** The help, when it is asked for. */
export function Help() {
  const store = useStore();
  const help = useShown((shown) => shown.help);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (help) dialog.current?.showModal();
    else dialog.current?.close();
  }, [help]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      onClose={() => {
        if (store.shown.help) store.show({ help: false });
      }}
    >
      <h2 id="help-title">Keys</h2>
      <table>
        <caption class="hidden">keys and what they do</caption>
        <tbody>
          {KEYS.map(({ shown, does }) => (
            <tr key={shown}>
              <th scope="row">
                <kbd>{shown}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        Drag pans, Ctrl-wheel zooms, a click on a lane goes to its nearest event. The address of the
        page is a link to what it shows: <code>#e=EVENT&amp;mark=A,B</code>.
      </p>
      <button type="button" onClick={() => store.show({ help: false })}>
        Close
      </button>
    </dialog>
  );
}
