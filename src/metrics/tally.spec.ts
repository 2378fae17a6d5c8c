import { MetricsRegistry } from './metrics-registry.js';
import { Tally } from './tally.js';

const LABELS = ['who', 'what'] as const;

describe('Tally', () => {
  it('exposes what was counted, however often it is asked', async () => {
    const registry = new MetricsRegistry();
    const tally = new Tally(registry, { name: 'x_total', help: 'x', labels: LABELS });
    tally.count('a', 'yes');
    tally.count('a', 'yes');
    tally.count('b', 'no');

    await registry.metrics();
    const text = await registry.metrics();
    expect(text.split('\n').filter((line) => line.startsWith('x_total'))).toEqual([
      'x_total{who="a",what="yes"} 2',
      'x_total{who="b",what="no"} 1',
    ]);
  });

  it('drops what no longer exists', async () => {
    const registry = new MetricsRegistry();
    const existing = new Set(['a', 'b']);
    const tally = new Tally(registry, {
      ...{ name: 'x_total', help: 'x', labels: LABELS },
      existing: () => existing,
    });
    tally.count('a', 'yes');
    tally.count('b', 'no');
    expect(await registry.metrics()).toContain('who="a"');
    existing.delete('a');

    expect(await registry.metrics()).not.toContain('who="a"');
    expect(await registry.metrics()).toContain('x_total{who="b",what="no"} 1');
  });

  it('keeps names of what every object has apart', async () => {
    const registry = new MetricsRegistry();
    const tally = new Tally(registry, { name: 'x_total', help: 'x', labels: LABELS });
    tally.count('__proto__', 'constructor');

    expect(await registry.metrics()).toContain('x_total{who="__proto__",what="constructor"} 1');
  });
});
