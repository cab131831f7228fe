import { type ReactNode, useId } from "react";
import classes from "./Panel.module.css";

/** A part of the page with a heading of its own. */
export function Panel({
  title,
  level = 2,
  actions,
  children,
}: {
  readonly title: string;
  /** Of its heading. */
  readonly level?: 2 | 3;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  const Heading = `h${level}` as const;
  return (
    <section className={classes["panel"]} aria-labelledby={id}>
      <div className={classes["head"]}>
        <Heading id={id} className={classes["title"]}>
          {title}
        </Heading>
        {actions}
      </div>
      {children}
    </section>
  );
}
