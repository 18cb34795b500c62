export type Theme = 'system' | 'light' | 'dark';

const key = 'mainstay.theme';

export function storedTheme(): Theme {
  const stored = localStorage.getItem(key);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset['theme'];
    localStorage.removeItem(key);
    return;
  }
  document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(key, theme);
}
