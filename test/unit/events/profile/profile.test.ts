import { existsSync, readdirSync, readFileSync } from "node:fs";
import {
  builtInProfile,
  decodeProfile,
  PROFILE_NAMES,
  type Profile,
  ROLE_FIELDS,
  resolveProfile,
} from "@mmreplay/events";
import { describe, expect, it } from "vitest";

const PROBES = new URL("../../../../../shared/traces/probes/", import.meta.url);

const MINE = {
  name: "my_gpu",
  title: "my_gpu",
  checkedOn: ["6.1.0"],
  extends: "core",
  probes: {
    gpu_inval: { role: "invalidate", fields: { sub: "notifier", cur_seq: "seq" } },
    gpu_ioctl: { role: "context" },
    exclusive: { role: "context" },
  },
};

const decode = (change: object) => () =>
  decodeProfile(JSON.stringify({ ...MINE, ...change }), "my.json");

describe("built-in profiles", () => {
  it.each(PROFILE_NAMES)("%s is a profile that a user could have written", (name) => {
    const profile = builtInProfile(name);
    expect(decodeProfile(JSON.stringify(profile), name)).toEqual(profile);
  });

  it("core knows no driver", () => {
    const core = resolveProfile(builtInProfile("core"));
    expect(core.mirror).toBeNull();
    expect(core.updateEndInclusive).toBe(false);
    expect(core.probes.has("invalidate")).toBe(false);
    expect(core.probes.get("exclusive")?.role).toBe("make_exclusive");
  });

  it("test_hmm has the core's probes, the driver's and those inside the lock", () => {
    const { probes, mirror, updateEndInclusive } = resolveProfile(builtInProfile("test_hmm"));
    expect(probes.get("read_begin")?.role).toBe("read_begin");
    expect(probes.get("snap_invalidate")?.role).toBe("invalidate");
    expect(probes.get("inv_start_rel_lk")?.role).toBe("inv_start_lk");
    expect(probes.get("mig_map")?.role).toBe("context");
    expect(mirror).toEqual({ sub: 0x18, pt: 0x8, dmirror: 0 });
    expect(updateEndInclusive).toBe(true);
  });

  it("an unknown name is answered with the nearest known one", () => {
    expect(() => builtInProfile("test-hmm")).toThrow(
      'E_PROFILE_NAME: found the profile "test-hmm", expected one of core, test_hmm. Did you mean "test_hmm"?',
    );
  });

  it.skipIf(!existsSync(PROBES))("they map every probe of the recorders, with its fields", () => {
    const { probes } = resolveProfile(builtInProfile("test_hmm"));
    for (const file of readdirSync(PROBES).filter((name) => name.endsWith(".txt"))) {
      const text = readFileSync(new URL(file, PROBES), "utf8");
      for (const [, printed = "", rest = ""] of text.matchAll(/^[pr]\d*:\w+\/(\w+) \S+(.*)/gm)) {
        const probe = probes.get(printed.replace(/_ret$/, ""));
        expect(probe, printed).toBeDefined();
        if (probe === undefined || probe.role === "context") continue;
        for (const [, field] of rest.matchAll(/(\w+)=/g)) {
          expect(ROLE_FIELDS[probe.role], printed).toContain(field);
        }
      }
    }
  });
});

describe("a user's profile", () => {
  it("adds to the one that it extends and overrides it", () => {
    const { probes, name } = resolveProfile(decode({})());
    expect(name).toBe("my_gpu");
    expect(probes.get("gpu_inval")).toEqual({
      role: "invalidate",
      fields: { sub: "notifier", cur_seq: "seq" },
    });
    expect(probes.get("exclusive")?.role).toBe("context");
    expect(probes.get("insert")?.role).toBe("insert");
  });

  it("inherits the driver's layout unless it has its own", () => {
    const layout = (change: object) => {
      const { mirror, updateEndInclusive } = resolveProfile(
        decode({ extends: "test_hmm", ...change })(),
      );
      return [mirror?.sub, updateEndInclusive];
    };
    expect(layout({})).toEqual([0x18, true]);
    expect(layout({ updateEndInclusive: false })).toEqual([0x18, false]);
    expect(layout({ mirror: { sub: 64, pt: 0, dmirror: 0 } })).toEqual([64, true]);
  });

  it("may extend nothing", () => {
    const alone = { ...MINE, extends: undefined };
    expect(resolveProfile(decodeProfile(JSON.stringify(alone), "my.json")).probes.size).toBe(3);
  });

  it("an unknown role and an unknown base are answered with the nearest known ones", () => {
    expect(decode({ probes: { a: { role: "invalidat" } } })).toThrow(
      'my.json: E_PROFILE: found "probes.a.role": "invalidat"',
    );
    expect(decode({ probes: { a: { role: "invalidat" } } })).toThrow('Did you mean "invalidate"?');
    expect(decode({ extends: "cor" })).toThrow(
      'my.json: "extends": E_PROFILE_NAME: found the profile "cor"',
    );
  });

  it("a field that the role does not have is refused", () => {
    expect(decode({ probes: { a: { role: "set_seq", fields: { curseq: "x" } } } })).toThrow(
      'E_PROFILE_FIELD: found the field "curseq" of "a", expected fields of the role "set_seq": sub, cur_seq, old_seq. Did you mean "cur_seq"?',
    );
    expect(decode({ probes: { a: { role: "context", fields: { sub: "x" } } } })).toThrow(
      'expected no fields, as its role is "context"',
    );
  });

  it.each(["insert_ret", "mn:insert", "insert__return", ""])(
    "a probe name that is never printed so is refused: %j",
    (name) => {
      expect(decode({ probes: { [name]: { role: "insert" } } })).toThrow("E_PROFILE_PROBE");
    },
  );

  it("a misspelt key, a wrong shape and no JSON are refused", () => {
    expect(decode({ mirrors: {} })).toThrow('Did you mean "mirror"?');
    expect(decode({ probes: { a: { role: "insert", field: {} } } })).toThrow(
      'found an unknown field "field" in "probes.a", expected known fields only.',
    );
    expect(decode({ mirror: { sub: -1, pt: 0, dmirror: 0 } })).toThrow(
      'found "mirror.sub": -1, expected a number from 0 on.',
    );
    expect(decode({ name: "" })).toThrow("E_PROFILE");
    expect(() => decodeProfile("{", "my.json")).toThrow("my.json: E_PROFILE_JSON");
    expect(() => decodeProfile("[]", "my.json")).toThrow("E_PROFILE: found []");
  });

  it("a profile is data: it survives JSON", () => {
    const profile: Profile = decode({})();
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });
});
