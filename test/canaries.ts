/** Secrets that must never be seen, and how they would look if they were. */
export interface Canary {
  name: string;
  value: string;
}

interface Text {
  where: string;
  text: string;
}

/** `where: name` for each canary found in one of the texts: plain, in JSON, URL-encoded or in base64 at any offset. */
export function sightings(canaries: Canary[], texts: Text[]): string[] {
  return canaries.flatMap(({ name, value }) =>
    texts
      .filter(({ text }) => formsOf(value).some((form) => text.includes(form)))
      .map(({ where }) => `${where}: ${name}`),
  );
}

function formsOf(value: string): string[] {
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    encodeURI(value),
    ...insideBase64(value),
  ];
}

/** What base64 makes of a value inside a longer text: three ways to fall on its boundaries, without the uncertain ends. */
function insideBase64(value: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString('base64');
    const sure = text.slice(offset === 0 ? 0 : 4, Math.floor(text.replace(/=+$/, '').length / 4) * 4);
    return sure.length < 12 ? [] : [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
