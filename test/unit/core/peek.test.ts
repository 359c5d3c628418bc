/**
 * Whoever only looks makes nothing.
 */
import {
  emptyState,
  mmOf,
  notifierOf,
  peekMirror,
  peekMm,
  peekNotifier,
  peekPlain,
  peekTask,
} from "@mmreplay/core";
import { mirrorId, mmId, notifierId, plainId, taskId } from "@mmreplay/events";
import { describe, expect, it } from "vitest";

describe("looking at the state", () => {
  it("shows an empty object where none was named, and keeps none", () => {
    const state = emptyState();
    expect(peekMm(state, mmId(3)).users).toBe(1);
    expect(peekNotifier(state, notifierId(3)).phase).toBe("free");
    expect(peekPlain(state, plainId(3)).linked).toBe(false);
    expect(peekMirror(state, mirrorId(3)).lock).toBeNull();
    expect(peekTask(state, taskId(3)).label).toBe("start");
    expect(state).toEqual(emptyState());
  });

  it("shows the object itself where it was named", () => {
    const state = emptyState();
    expect(peekMm(state, mmId(1))).not.toBe(mmOf(state, mmId(1)));
    expect(peekMm(state, mmId(1))).toBe(mmOf(state, mmId(1)));
    expect(peekNotifier(state, notifierId(0))).not.toBe(notifierOf(state, notifierId(0)));
    expect(state.mms).toHaveLength(2);
  });
});
