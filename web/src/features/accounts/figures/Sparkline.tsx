import classes from "./Sparkline.module.css";

const width = 88;
const height = 24;

/** A small line from 0 to 100; `label` describes it to screen readers. */
export function Sparkline({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}) {
  const step = width / Math.max(1, values.length - 1);
  const points = values
    .map((value, i) => {
      const y = height - 1 - (value / 100) * (height - 2);
      return `${(i * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
  return (
    <svg
      className={classes["spark"]}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <polygon
        className={classes["area"]}
        points={`0,${height} ${points} ${width},${height}`}
      />
      <polyline className={classes["line"]} points={points} />
    </svg>
  );
}
