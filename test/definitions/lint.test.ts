import { catalogue } from '../../activities/index';
import { lintDocuments } from '../../definitions/lint';
import { loadText } from '../../definitions/load';
import { formatProblem } from '../../definitions/problems';
import { documentText, readMarks, runbookText, stepsText } from './documents';

function told(text: string): (readonly [string, number, number])[] {
  const { documents, problems } = loadText('sample.yaml', text, { catalogue });
  // A row that does not load would pass for the wrong reason.
  expect(problems.map(formatProblem)).toEqual([]);
  return lintDocuments(documents, { catalogue }).map(({ code, line, column }) => [code, line, column]);
}

const rollout = (fields: string, ...body: readonly string[]): string =>
  stepsText(
    '- id: r',
    `  rollout: {targets: '\${{ vars.w }}'${fields}}`,
    '  steps:',
    ...body.map((line) => `    ${line}`),
  );

describe('lintDocuments() finds nothing wrong with', () => {
  test.each([
    ['targets of the step', stepsText('- {id: a, exec: [id], targets: web1}')],
    ['targets of the runbook’s defaults', runbookText('defaults: {targets: web1}', 'steps: [{id: a, exec: [id]}]')],
    ['targets of a group’s defaults', stepsText('- {defaults: {targets: web1}, steps: [{id: a, run: id}]}')],
    ['worker-side work without targets', stepsText('- {id: a, uses: core.echo, with: {message: hi}}')],
    [
      'a body without targets',
      rollout('', '- {id: a, exec: [id]}', '- {id: b, wait: {for: 1m}}', '- {steps: [{id: c, set: {x: 1}}]}'),
    ],
    ['a runbook of one host', runbookText('scope: host', 'steps: [{id: a, exec: [id]}]')],
    [
      'an undo and a probe on the targets of their step',
      stepsText('- {id: a, exec: [id], targets: w, probe: {exec: [id]}, undo: {run: id}}'),
    ],
    [
      'steps of an undo on the targets of what they undo',
      stepsText('- {id: a, exec: [id], targets: w, undo: {steps: [{id: b, run: id}]}}'),
    ],
    [
      'undo that was thought of',
      runbookText(
        'onFailure: undo',
        'steps: [{id: a, exec: [id], targets: w, undo: none}, {id: b, exec: [id], targets: w, effect: read}]',
      ),
    ],
    ['waves that rise', rollout(', waves: [1, 25%, 5, 100%]', '- {id: a, run: id}')],
    [
      'an answer of silence among the options',
      stepsText('- {id: a, manual: {title: t, assignees: [user/a], options: [x, y], onDue: x}}'),
    ],
    [
      'locks in the order of their names (D13)',
      runbookText(
        'locks: [a]',
        "steps: [{id: x, locks: [b, a, '${{ inputs.l }}'], steps: [{id: y, locks: [c], steps: []}]}]",
      ),
    ],
    ['a dollar in a script', stepsText("- {id: a, run: 'echo ${HOME} $X', targets: w}")],
    ['an input named like a step', runbookText('inputs: {a: {type: string}}', 'steps: [{id: a, set: {x: 1}}]')],
  ])('%s', (_, text) => {
    expect(told(text)).toEqual([]);
  });
});

describe('lintDocuments() tells of', () => {
  const rows: readonly (readonly [string, string, ...string[]])[] = [
    [
      'two steps of one id, wherever they stand',
      runbookText('steps: [{id: a, set: {x: 1}}]', 'finally: [{id: §a, set: {x: 1}}]'),
      'DUPLICATE_ID',
    ],
    [
      'a gate metric with the id of a step',
      rollout(', gate: [{id: §r, uses: core.echo}]', '- {id: a, run: id}'),
      'DUPLICATE_ID',
    ],
    ['an id that is a keyword', stepsText('- {id: §in, set: {x: 1}}'), 'RESERVED_ID'],
    ['a variable that is a keyword', runbookText('vars: {§package: x}', 'steps: []'), 'RESERVED_ID'],
    ['an item that hides a name', stepsText('- {id: a, forEach: {in: [1], as: §steps}, steps: []}'), 'RESERVED_ID'],
    ['exec without targets', stepsText('- §{id: a, exec: [id]}'), 'MISSING_TARGETS'],
    ['run in a branch without targets', stepsText('- {id: p, parallel: [§{id: a, run: id}]}'), 'MISSING_TARGETS'],
    [
      'run in a case without targets',
      stepsText("- {id: s, switch: '${{ 1 }}', cases: {x: [§{id: a, run: id}]}}"),
      'MISSING_TARGETS',
    ],
    [
      'a host operation without targets',
      stepsText('- §{id: a, uses: ssh.wait, with: {within: 5m}}'),
      'MISSING_TARGETS',
    ],
    ['a gate on no hosts', rollout(', gate: [§{id: g, exec: [id]}]', '- {id: a, run: id}'), 'MISSING_TARGETS'],
    ['targets in a body', rollout('', '- {id: a, run: id, §targets: web1}'), 'TARGETS_IN_BODY'],
    ['fan-out in a body', rollout('', '- {id: a, run: id, §fanOut: {parallel: 2}}'), 'TARGETS_IN_BODY'],
    ['a delegate outside a body', stepsText('- {id: a, run: id, targets: w, §delegate: lb}'), 'DELEGATE_OUTSIDE_BODY'],
    [
      'an approval in a body',
      rollout('', '- {id: a, §approval: {policy: p, title: t, onDue: fail}}'),
      'VERB_NOT_IN_BODY',
    ],
    [
      'a rollout in a group of a body',
      rollout('', '- {steps: [{id: a, §rollout: {targets: w}, steps: []}]}'),
      'VERB_NOT_IN_BODY',
    ],
    ['waiting for an event in a body', rollout('', '- {id: a, wait: {§event: {name: go}}}'), 'VERB_NOT_IN_BODY'],
    [
      'a point of no return in a body (R-ROLL-9)',
      rollout('', '- {id: a, run: id, §pointOfNoReturn: {approval: {policy: p, title: t, onDue: fail}}}'),
      'VERB_NOT_IN_BODY',
    ],
    [
      'an expression in a script',
      stepsText("- {id: a, targets: w, run: §'echo ${{ inputs.x }}'}"),
      'EXPRESSION_IN_SCRIPT',
    ],
    [
      'an expression in the script of an undo',
      stepsText("- {id: a, targets: w, run: id, undo: {run: §'echo ${{ 1 }}'}}"),
      'EXPRESSION_IN_SCRIPT',
    ],
    [
      'no undo where a failure undoes',
      runbookText('onFailure: undo', 'steps: [§{id: a, exec: [id], targets: w}]'),
      'UNDO_MISSING',
    ],
    ['no undo in a body that is undone', rollout(', onFailure: undo', '- §{id: a, run: id}'), 'UNDO_MISSING'],
    [
      'an undo after a point of no return (R-ROLL-9)',
      stepsText(
        '- {id: a, set: {x: 1}}',
        '- {id: p, run: id, targets: w, pointOfNoReturn: {approval: {policy: p, title: t, onDue: fail}}}',
        '- {id: b, run: id, targets: w, undo: §{run: id}}',
      ),
      'UNDO_AFTER_NO_RETURN',
    ],
    [
      'a runbook that is undone after a point of no return (R-ROLL-9)',
      stepsText(
        '- {id: p, run: id, targets: w, pointOfNoReturn: {approval: {policy: p, title: t, onDue: fail}}}',
        '- {id: a, runbook: other, undo: none}',
        '- §{id: b, runbook: other}',
      ),
      'UNDO_AFTER_NO_RETURN',
    ],
    ['restoring what cannot be', stepsText('- {id: a, run: id, targets: w, undo: §restore}'), 'UNDO_WITHOUT_INVERSE'],
    [
      'polling what changes something',
      stepsText('- {id: a, run: id, targets: w, §poll: {every: 1s, within: 1m}}'),
      'POLL_NEEDS_READ',
    ],
    ['waves that fall (R-ROLL-1)', rollout(', waves: [25%, §10%, 100%]', '- {id: a, run: id}'), 'WAVES_NOT_RISING'],
    ['waves that end early (R-ROLL-11)', rollout(', waves: [1, §50%]', '- {id: a, run: id}'), 'WAVES_NOT_RISING'],
    [
      'an answer of silence that is no option',
      stepsText('- {id: a, manual: {title: t, assignees: [user/a], options: [x], onDue: §z}}'),
      'INVALID_VALUE',
    ],
    [
      'an event that is due without saying what then',
      stepsText('- {id: a, wait: {event: {name: go, §due: 1h}}}'),
      'MISSING_KEY',
    ],
    [
      'secrets without owner',
      runbookText("§secrets: {t: 'env:T'}", 'steps: []').replace(', owner: team/web', ''),
      'MISSING_OWNER',
    ],
    [
      'a pattern that is none',
      runbookText("inputs: {a: {type: string, pattern: §'['}}", 'steps: []'),
      'INVALID_PATTERN',
    ],
    [
      'a pattern that can take for ever',
      runbookText("inputs: {a: {type: string, pattern: §'^([a-z]+)+$'}}", 'steps: []'),
      'INVALID_PATTERN',
    ],
    [
      'a default that the input itself refuses',
      runbookText("inputs: {a: {type: string, pattern: '^[a-z]+$', default: §A1}}", 'steps: []'),
      'INVALID_INPUT',
    ],
    [
      'bounds that exclude everything',
      runbookText('inputs: {a: {type: integer, minimum: 5, maximum: §4}}', 'steps: []'),
      'OUT_OF_RANGE',
    ],
    [
      'a quorum that cannot be reached',
      documentText('ApprovalPolicy', 'approvers: [user/a, user/b]', 'min: §3'),
      'POLICY_UNREACHABLE',
    ],
    ['an unknown zone', documentText('ApprovalPolicy', 'approvers: [team/a]', 'zone: §Mars/Base'), 'UNKNOWN_ZONE'],
    ['an inventory of nothing', documentText('Inventory', 'vars: {}').replace('spec', '§spec'), 'INVENTORY_SOURCE'],
    [
      'an inventory of two kinds',
      documentText('Inventory', 'hosts: []', '§source: {command: [x]}'),
      'INVENTORY_SOURCE',
    ],
    ['two hosts of one name', documentText('Inventory', 'hosts: [{name: a}, {name: §a}]'), 'DUPLICATE_HOST'],
    [
      'a host in an unknown group',
      documentText('Inventory', 'hosts: [{name: a, groups: [§wbe]}]', 'groups: {web: {}}'),
      'UNKNOWN_GROUP',
    ],
    [
      'a redundancy group of an unknown group',
      documentText('Inventory', 'hosts: [{name: a}]', 'redundancy: {web: {members: §wbe, maxOut: 1}}'),
      'UNKNOWN_GROUP',
    ],
    [
      'a redundancy group of an unknown host',
      documentText('Inventory', 'hosts: [{name: a}]', 'redundancy: {web: {members: [a, §b], maxOut: 1}}'),
      'UNKNOWN_HOST',
    ],
    [
      'an item on an unknown host',
      documentText('Inventory', 'hosts: [{name: a}]', 'items: {service/shop: {runsOn: [§host/b]}}'),
      'UNKNOWN_HOST',
    ],
    [
      'an item that depends on nothing that is there',
      documentText('Inventory', 'hosts: [{name: a}]', 'items: {service/shop: {dependsOn: [host/a, §service/db]}}'),
      'UNKNOWN_ITEM',
    ],
    ['an unknown child', documentText('Inventory', 'hosts: []', 'groups: {web: {children: [§x]}}'), 'UNKNOWN_GROUP'],
    [
      'a group within itself',
      documentText('Inventory', 'hosts: []', 'groups: {§a: {children: [b]}, b: {children: [a]}}'),
      'GROUP_CYCLE',
    ],
    [
      'a password in clear text',
      documentText('Inventory', 'hosts: [{name: a, vars: {§ansible_password: x}}]'),
      'VARIABLE_REFUSED',
    ],
    [
      'the worker as a host',
      documentText('Inventory', 'hosts: []', 'vars: {§ansible_connection: local}'),
      'VARIABLE_REFUSED',
    ],
  ];

  test.each(rows)('%s', (_, text, ...codes) => {
    const { plain, places } = readMarks(text);

    expect(told(plain)).toEqual(codes.map((code, index) => [code, ...(places[index] ?? [])]));
  });

  test('an undo that only the catalogue knows to be needed', () => {
    const text = runbookText(
      'onFailure: undo',
      'steps:',
      "  - {id: get, uses: http.request, with: {url: 'https://x.example'}}",
      "  - {id: post, uses: http.request, with: {url: 'https://x.example', method: POST}}",
    );
    const { documents } = loadText('sample.yaml', text, { catalogue });

    expect(lintDocuments(documents, { catalogue }).map(({ code, line }) => [code, line])).toEqual([
      ['UNDO_MISSING', 8],
    ]);
    expect(lintDocuments(documents)).toEqual([]);
  });
});
