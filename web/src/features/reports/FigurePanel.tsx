import type { ReactNode } from "react";
import { Panel as Plain } from "../../parts/Panel.tsx";
import classes from "./FigurePanel.module.css";

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
  return (
    <Plain title={title}>
      {figure !== undefined && <p className={classes["figure"]}>{figure}</p>}
      {note !== undefined && <p className={classes["note"]}>{note}</p>}
      {children}
    </Plain>
  );
}
