// Counters in Prometheus's text format: https://prometheus.io/docs/instrumenting/exposition_formats/
// Each worker counts for itself and hands over what is new; the supervisor adds up and shows.

export type Labels = Readonly<Record<string, string>>;

/** A counter's series and how much it grew: `name{label="value"}`. */
export type Increments = readonly (readonly [series: string, by: number])[];

/** Callers cannot make series up: a label value comes from the configuration or a closed list. This bounds mistakes. */
const MAX_SERIES = 2000;

export class Counters {
  private readonly values = new Map<string, number>();

  add(name: string, labels: Labels = {}, by = 1): void {
    this.addSeries(seriesOf(name, labels), by);
  }

  merge(increments: Increments): void {
    for (const [series, by] of increments) this.addSeries(series, by);
  }

  /** What was counted since the last call. */
  take(): Increments {
    const taken = [...this.values];
    this.values.clear();
    return taken;
  }

  render(): string {
    const byName = new Map<string, string[]>();
    for (const [series, value] of [...this.values].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const name = series.split('{', 1)[0] ?? series;
      const lines = byName.get(name) ?? [`# TYPE ${name} counter`];
      lines.push(`${series} ${value}`);
      byName.set(name, lines);
    }
    return [...byName.values()].flat().join('\n').concat('\n');
  }

  private addSeries(series: string, by: number): void {
    const known = this.values.get(series);
    if (known === undefined && this.values.size >= MAX_SERIES) return;
    this.values.set(series, (known ?? 0) + by);
  }
}

function seriesOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
