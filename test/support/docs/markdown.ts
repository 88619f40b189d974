/** The first line of every page that is written from the code. */
export const generatedNote =
  '<!-- Written from the code by `npm run -s docs`. Change the code, not this page. -->'

/** A table of Markdown; a cell is one line, and a bar in it is no border. */
export function formatMarkdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(writeCell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text as code, also where it has backticks of its own. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``
}

/** A fenced block of code. */
export function codeBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text.replace(/\n+$/, '')}\n\`\`\``
}

/** Parts of a page with a line between them; what is empty is left out. */
export function joinParts(parts: readonly string[]): string {
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

function writeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
