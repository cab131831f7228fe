/** Dates that sources write and that are none, or lie outside of what a document can be dated with. */
export const impossibleDates = [
  "0001-01-01T00:00:00+01:00",
  "0001-01-01T00:00:00Z",
  "-000001-01-01T00:00:00Z",
  "10000-01-01T00:00:00Z",
  "+275760-09-13T00:00:00.000Z",
  "9999-12-31T23:59:59-01:00",
  "0000-00-00",
  "0000-00-00 00:00:00",
  "1970-01-01T00:00:00Z",
  "2026-02-30",
  "2026-02-30T10:00:00Z",
  "Mon, 30 Feb 2026 10:00:00 GMT",
  "Mon, 01 Jan 0001 00:00:00 +0100",
  "1e308",
  "NaN",
  "hello 5",
  "",
] as const;

/** Moments to come when the tests are read. */
export const futureDates = [
  "2099-01-01",
  "2099-12-31T23:59:59Z",
  "Thu, 01 Jan 2099 00:00:00 GMT",
  "2150-06-01T00:00:00+14:00",
] as const;

/** Numbers that stand where milliseconds since 1970 should. */
export const oddEpochs = [
  0, -1, 1e308, 8.64e15, 1_795_168_800, 1_795_168_800_000,
  1_795_168_800_000_000, 4_102_444_800_000,
] as const;

/** What may stand in the place of an item, or of any of its fields. */
export const garbage: readonly unknown[] = [
  null,
  0,
  7,
  -1.5,
  true,
  "",
  "text",
  {},
  [],
  [[null]],
  [{ id: [] }],
  { id: null, title: {}, url: 7 },
  { __proto__x__: 1, __name__: "x" },
  "\ud800 half of a pair \udfff",
  "http://[",
  "javascript:alert(1)",
  "a/b/../c",
  "x".repeat(100_000),
  ...impossibleDates,
  ...futureDates,
  ...oddEpochs,
];
