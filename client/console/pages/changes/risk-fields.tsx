import type { ReactNode } from 'react';

import { riskScore } from '../../../../workflows/domain/risk-score';
import { Field } from '../../kit/field';
import { Section } from '../../kit/page';
import { RiskBadge } from './change-badge';
import type { PartProps } from './change-form';
import type { ChangeModel } from './change-types';

/** The questions of the model; the score is reckoned as the engine will, with each answer. */
export function RiskFields({ form, onChange, model }: PartProps & { readonly model: ChangeModel | null }): ReactNode {
  const risk = model?.spec.risk;
  if (risk === undefined) return null;
  const { score, risk: level, open } = riskScore(risk, form.answers);
  return (
    <Section
      title="Risk"
      aside={
        <span role="status">
          <RiskBadge risk={level} score={score} />{' '}
          {open.length > 0 && <span className="muted">so far: {open.length} to answer</span>}
        </span>
      }
    >
      <p className="hint">
        Moderate from {risk.levels.moderate}, high from {risk.levels.high}.
      </p>
      {risk.questions.map(({ id, ask, answers }) => (
        <Field key={id} title={ask} isRequired>
          {(control) => (
            <select
              {...control}
              value={form.answers[id] ?? ''}
              onChange={(event) => onChange({ answers: { ...form.answers, [id]: event.target.value } })}
            >
              <option value="">Choose …</option>
              {Object.entries(answers).map(([answer, weight]) => (
                <option key={answer} value={answer}>
                  {answer} (+{weight})
                </option>
              ))}
            </select>
          )}
        </Field>
      ))}
    </Section>
  );
}
