/** Shared by all examples of the description: one client account and one card. */
export const ids = {
  account: "globex",
  opportunity: "1d93c0e54f2b4a7c9a58e3f1b6d20748",
  message: "signal-received_5e1d0c9b8a7f4e3d2c1b0a9f8e7d6c5b",
  run: "7b0f4f0e6f2f4b5e9c3a1d2e8f6a7b90",
  asset: "moving-a-bank-to-the-cloud",
  playbook: "welcome-the-new-leadership",
  member: "anna",
  trace: "9f1c2d4e-request",
  snapshot: "9b74c9897bac770ffc029102a200c5de5f0e3f2b1c6d7e8f9a0b1c2d3e4f5a6b",
} as const;

export const moments = {
  received: "2026-11-20T09:14:03.120Z",
  shown: "2026-11-20T09:14:05.480Z",
  due: "2026-11-21T09:14:05.480Z",
  decided: "2026-11-20T10:02:41.007Z",
  undoUntil: "2026-11-20T10:02:51.007Z",
} as const;

export const quote =
  "Globex appointed Pat Doe as chief information officer on March 3, 2026.";
