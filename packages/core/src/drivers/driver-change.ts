/**
 * A driver of the user's own as a change to the model: its labels in place of the built-in driver's.
 *
 * The insertion and the removal of notifiers stay the model's: a removal stops new faults, waits for those in
 * flight, clears the device and only then calls mmu_interval_notifier_remove.
 */
import type { ModelChange } from "../tasks/model-change.ts";
import type { Driver } from "./driver.ts";
import { checkDefinition } from "./driver-definition.ts";
import { faultLabels, faultPoints } from "./driver-fault.ts";
import { invalidateLabels, invalidatePoints } from "./driver-invalidate.ts";

/**
 * The model with this driver, which may have been put together from parts of others.
 *
 * @throws SimError `E_DRIVER` when it is none.
 */
export function changeOfDriver(driver: Driver): ModelChange {
  checkDefinition(driver);
  const { name, maxTries } = driver;
  return {
    id: name,
    title: `The driver is ${name}.`,
    labels: { ...faultLabels(driver), ...invalidateLabels(driver) },
    points: [...faultPoints(driver), ...invalidatePoints(driver)],
    // What a fault does after so many failed passes is the driver's own business; they are only counted.
    ...(maxTries === undefined ? {} : { driver: { maxTries } }),
  };
}
