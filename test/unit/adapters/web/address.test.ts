import { expect, test } from "vitest";
import { isPublicAddress } from "../../../../functions/src/adapters/web/address.ts";

/** The last address before a range, its first and its last, and the first behind it (IANA's special-purpose registries). */
const edges: readonly (readonly [string, string, string, string])[] = [
  ["", "0.0.0.0", "0.255.255.255", "1.0.0.0"],
  ["9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"],
  ["100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"],
  ["126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"],
  ["169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"],
  ["172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"],
  ["191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"],
  ["192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"],
  ["198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"],
  ["223.255.255.255", "224.0.0.0", "255.255.255.255", ""],
  ["", "::", "1fff:ffff::ffff", ""],
  ["", "2001::", "2001:1ff:ffff::", "2001:200::"],
  ["2001:db7:ffff::", "2001:db8::", "2001:db8:ffff::", "2001:db9::"],
  ["3ffd:ffff::", "3ffe::", "ffff:ffff::ffff", ""],
];

test.each(edges)(
  "of %s, %s to %s, and %s, those outside are public",
  (before, first, last, after) => {
    for (const address of [first, last])
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    for (const address of [before, after].filter((edge) => edge !== ""))
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
  },
);

test.each(["::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"])(
  "%s is as public as the address inside",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each(["", "example.com", "1.2.3", "1.2.3.4.5", "0x7f.1", "::g"])(
  "'%s' is no address, and so not a public one",
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);
