import { inventoryText, problemsOf, runbook } from '../compiled';

function text(query: string, bake: string): string {
  const spec = `
steps:
  - id: up
    rollout:
      targets: "\${{ inventory.hosts.filter(h, h.labels.role == 'web') }}"
      bake: ${bake}
      gate:
        - id: errors
          uses: prometheus.query
          with: { url: 'http://prometheus.example:9090', query: '${query}' }
          pass: \${{ result.value < 0.01 }}
    steps: [{ id: restart, exec: [restart], undo: none }]
`;
  return [runbook(spec), inventoryText].join('---\n');
}

// R-ROLL-5: a window that reaches back before the change measures the old version.
test.each([
  ['rate(errors[5m])', 'PT5M', []],
  ['rate(errors[5m])', 'PT4M', ['METRIC_WINDOW_TOO_LONG spec.steps[0].rollout.gate[0].with']],
  ['max_over_time(errors[1h30m:1m])', 'PT1H', ['METRIC_WINDOW_TOO_LONG spec.steps[0].rollout.gate[0].with']],
  ['errors{code=~"[45].."}', 'PT0S', []],
  ['sum(rate(a[30s])) / sum(rate(b[2m]))', 'PT1M', ['METRIC_WINDOW_TOO_LONG spec.steps[0].rollout.gate[0].with']],
])('a gate may not look back before its wave: %s with a bake of %s (R-ROLL-5)', async (query, bake, problems) => {
  expect(await problemsOf({ text: text(query, bake) })).toEqual(problems);
});
