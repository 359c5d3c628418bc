/**
 * Recorded values decide: what a few lines of a recording teach, and what they prove.
 */
import { taskId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";
import { said, tell } from "../../support/recorded.ts";

const A = taskId(1);
const R = taskId(2);
const known = [said.mm(2), said.notifier(1)];
/** A region of A whose callback has returned true, with or without set_seq. */
const region = (id: number, seq: number, tells = true) => [
  said.start(A, id),
  said.callback(A, id, seq),
  ...(tells ? [said.setSeq(A, seq)] : []),
  said.answer(A, id),
];

describe("what a recording teaches", () => {
  it("is the mm's sequence and a notifier with its interval, in the tree", () => {
    const { state } = tell([said.mm(40), said.notifier(37)]);
    expect(state.mms[0]?.subs).toMatchObject({ seq: 40, hasItree: true, tree: [0] });
    expect(state.notifiers[0]).toMatchObject({ seq: 37, phase: "live", inTree: true });
  });

  it("overwrites a notifier's number and keeps an unknown one unknown", () => {
    expect(tell([said.mm(2), said.notifier(null)]).state.notifiers[0]?.seq).toBeNull();
    const { state } = tell([...known, said.notifier(39)]);
    expect(state.notifiers[0]?.seq).toBe(39);
    expect(state.mms[0]?.subs?.tree).toEqual([0]);
  });

  it("may be that a notifier is gone", () => {
    const { state } = tell([...known, said.gone()]);
    expect(state.mms[0]?.subs?.tree).toEqual([]);
    expect(state.notifiers[0]).toMatchObject({ phase: "free", inTree: false });
  });

  it("applies what was deferred when the sequence is even again", () => {
    const { state } = tell([...known, said.start(A, 1), said.remove(R), said.mm(4)]);
    expect(state.mms[0]?.subs).toMatchObject({ tree: [], deferred: [] });
    expect(state.notifiers[0]?.deferred).toBe(false);
  });

  it("is forgotten where events were lost, but for the names of the tasks", () => {
    const name = { type: "task_start", task: R, name: "reader" } as const;
    const { state } = tell([name, ...known, said.readBegin(R, 1), said.lost()]);
    expect(state.mms[0]?.subs).toBeNull();
    expect(state.notifiers[0]?.phase).toBe("free");
    expect(state.tasks[R]).toMatchObject({ name: "reader", section: null, fault: null });
  });
});

describe("what recorded values prove", () => {
  it("a range_end without a start, K-I3, and after a refusal, K-I24", () => {
    expect(tell([...known, said.unpairedEnd(A, false)]).rules.violated()).toEqual(["K-I3"]);
    expect(tell([...known, said.unpairedEnd(A, true)]).rules.violated()).toEqual(["K-I3", "K-I24"]);
  });

  it("a store under a number that is not the notifier's, K-I26", () => {
    const store = [said.readBegin(R, 1), said.store(R, 1, 3)];
    const { rules } = tell([...known, ...store]);
    expect(rules.answers("K-I26").violated[0]?.message).toContain("retry was due");
  });

  it("a callback that did not tell, K-I12, by a later old number", () => {
    const told = tell([...known, ...region(1, 3), said.readBegin(R, 3)]);
    expect(told.rules.answers("K-I12").violated).toEqual([]);
    const untold = tell([...known, ...region(1, 3, false), said.readBegin(R, 1)]);
    const [found] = untold.rules.answers("K-I12").violated;
    expect(found?.at?.index).toBe(4);
    expect(found?.absent).toBeUndefined();
  });

  it("a callback that did not tell, K-I12, by the missing set_seq where nothing later shows", () => {
    const read = said.readBegin(R, 1);
    const { rules } = tell([...known, read, ...region(1, 3, false)]);
    expect(rules.answers("K-I12").violated[0]?.absent).toBe("mmu_interval_set_seq");
    expect(tell([...known, ...region(1, 3, false)]).rules.answers("K-I12").violated).toEqual([]);
  });

  it("a read_begin that did not wait, K-I19, by the same number in a later callback", () => {
    const { rules } = tell([...known, ...region(1, 3), said.readBegin(R, 3), ...region(2, 3)]);
    expect(rules.answers("K-I19").violated).toHaveLength(1);
    const fine = tell([...known, ...region(1, 3), said.readBegin(R, 1), ...region(2, 3)]);
    expect(fine.rules.answers("K-I19").violated).toEqual([]);
  });

  it("a callback after the removal has returned, K-I17", () => {
    const removal = [said.remove(R), said.removed(R)];
    const { rules } = tell([...known, ...removal, said.start(A, 1), said.callback(A, 1, 3)]);
    expect(rules.answers("K-I17").violated[0]?.message).toContain("after its removal had returned");
  });

  it("nothing across a loss", () => {
    const before = [...known, ...region(1, 3, false), said.lost()];
    const { rules } = tell([...before, ...known, said.readBegin(R, 1)]);
    expect(rules.answers("K-I12").violated).toEqual([]);
  });
});
