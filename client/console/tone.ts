/** What a state means to an operator; the theme has a colour for each. */
export type Tone = 'neutral' | 'busy' | 'wait' | 'good' | 'bad' | 'odd';
