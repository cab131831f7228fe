import { isIPv4, isIPv6 } from "node:net";
import {
  afterPlaceholder,
  type Candidate,
  replaceShapes,
  type Shape,
} from "./candidates.ts";

const shapes: readonly Shape[] = [
  {
    // 2001:db8::8a2e:370:7334, ::ffff:192.0.2.1, fe80::1%eth0 (RFC 4291, section 2.2; RFC 4007, section 11)
    pattern:
      /(?<![\p{L}\p{Nd}_:.])(?:[0-9a-f]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}|(?<=::))(?:%[a-z]\w{0,15})?(?![\p{L}\p{Nd}_]|:[0-9a-f:])/giu,
    is: isIpv6Address,
  },
  {
    pattern:
      /(?<![\p{L}\p{Nd}_$€£¥]|\p{Nd}[.,])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{Nd}_]|[.,]\p{Nd})/gu,
    is: isIpv4Address,
  },
];

/** What precedes other things written as four small numbers: versions and section numbers. */
// bounded: the 40 characters before them
const versionBefore =
  /(?:(?<!\p{L})(?:v|vers?(?:ion)?|rev(?:ision)?|release|build|firmware|update|patch|sections?|sec|§+|clauses?|articles?|items?|chapters?|paragraphs?|rules?|tables?|figures?|fig|annex|appendix|schedule|parts?|notes?|steps?|levels?|oid)[\s.:#]{0,3}|(?<![\p{L}\p{Nd}./])\p{Lu}[\p{L}\d]*\/)$/iu;

const calledBefore =
  /(?<![\p{L}\p{Nd}])(?:ip(?:v4)?|address(?:es)?|host|server|client|from|proxy|gateway|dns|ping)(?!\p{L})[^\p{Nd}]{0,20}$/iu;

/** Addresses that identify nobody: this machine, any machine, all machines (RFC 6890). */
const sharedAddresses: ReadonlySet<string> = new Set([
  "127.0.0.1",
  "0.0.0.0",
  "255.255.255.255",
]);

/** Replaces IPv4 and IPv6 addresses by `[ip]`; version and section numbers stay. */
export function redactIpAddresses(text: string): string {
  return replaceShapes(text, "[ip]", shapes);
}

/** Times and names in code contain colons too, but fewer digits. */
function isIpv6Address({ found }: Candidate): boolean {
  const digits = found.replace(/%.*|[^0-9a-f]/giu, "");
  return isIPv6(found) && digits.length >= 5 && /\d/u.test(digits);
}

function isIpv4Address({ found, before }: Candidate): boolean {
  if (!isIPv4(found) || sharedAddresses.has(found)) return false;
  const said = afterPlaceholder(before);
  if (calledBefore.test(said)) return true;
  // Outlines and versions count in small steps; home networks begin with 10.
  const isSmall = /^(?!10\.)[12]?\d(?:\.[12]?\d){3}$/u.test(found);
  return !isSmall && !versionBefore.test(said);
}
