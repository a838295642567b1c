/** HTML in which every value is escaped, so that no text of a sender can become markup. */

class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: texts are escaped, lists are joined, nothing is nothing. */
export type Fragment = Markup | string | number | false | undefined | readonly Fragment[];

export type { Markup };

/** A tagged template: html`<p>${text}</p>`. Attributes are to be quoted. */
export function html(literals: TemplateStringsArray, ...values: Fragment[]): Markup {
  return new Markup(String.raw({ raw: literals }, ...values.map(markupOf)));
}

/** Our own markup and styles, unescaped. Never a value that came from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function markupOf(value: Fragment): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(markupOf).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
