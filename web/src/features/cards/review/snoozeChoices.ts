interface Choice {
  readonly name: "evening" | "tomorrow" | "nextWeek" | "nextMonth";
  readonly at: Date;
}

/** The moments offered for snoozing, in the morning or evening of the person's own time zone. */
export function snoozeChoices(
  now: Date,
): readonly [Choice, Choice, Choice, Choice] {
  const at = (days: number, hour: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
  const isLate = now.getHours() >= 17;
  return [
    { name: "evening", at: isLate ? at(1, 18) : at(0, 18) },
    { name: "tomorrow", at: at(1, 9) },
    // Until Monday; on a Monday, until the next.
    { name: "nextWeek", at: at((8 - now.getDay()) % 7 || 7, 9) },
    { name: "nextMonth", at: at(30, 9) },
  ];
}

/** A moment as `<input type="datetime-local">` holds it. */
export function toLocalInput(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
