/** Hands a text to the browser as a file to keep. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  saveAs(name, url);
  URL.revokeObjectURL(url);
}

/** The same for a file that the API sends, under the name that it gives it. */
export function saveFrom(url: string): void {
  saveAs('', url);
}

function saveAs(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
