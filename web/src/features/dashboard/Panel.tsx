import { type ReactNode, useId } from "react";
import classes from "./Panel.module.css";

/** One thing that is measured: its figure first, then how it came about. */
export function Panel({
  title,
  figure,
  note,
  children,
}: {
  readonly title: string;
  readonly figure?: ReactNode;
  readonly note?: ReactNode;
  readonly children?: ReactNode;
}) {
  const id = useId();
  return (
    <section className={classes["panel"]} aria-labelledby={id}>
      <h2 id={id} className={classes["title"]}>
        {title}
      </h2>
      {figure !== undefined && <p className={classes["figure"]}>{figure}</p>}
      {note !== undefined && <p className={classes["note"]}>{note}</p>}
      {children}
    </section>
  );
}
