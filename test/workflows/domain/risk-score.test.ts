import { riskScore } from '../../../workflows/domain/risk-score';
import type { RiskRules } from '../../../workflows/domain/risk-score';

const rules: RiskRules = {
  questions: [
    { id: 'impact', ask: 'Who notices?', answers: { nobody: 0, everybody: 9 } },
    { id: 'backOut', ask: 'Was its back-out tried?', answers: { yes: 0, no: 4 } },
  ],
  levels: { moderate: 4, high: 9 },
};

describe('riskScore()', () => {
  it.each([
    [{}, 0, 'low', ['impact', 'backOut']],
    [{ impact: 'nobody', backOut: 'no' }, 4, 'moderate', []],
    [{ impact: 'everybody', backOut: 'yes' }, 9, 'high', []],
    [{ impact: 'everybody' }, 9, 'high', ['backOut']],
    [{ impact: 'toString' }, 0, 'low', ['impact', 'backOut']],
  ])('of %j is %i, which is %s; open: %j', (answers, score, risk, open) => {
    const scored = riskScore(rules, answers);

    expect([scored.score, scored.risk, scored.open.map(({ id }) => id)]).toEqual([score, risk, open]);
  });
});
