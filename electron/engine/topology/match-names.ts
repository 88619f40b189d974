/** Names that match any of the patterns (`*` any text, `?` one character), in their own order. */
export function matchNames(
  names: readonly string[],
  patterns: string | readonly string[],
): readonly string[] {
  const matchers = (typeof patterns === 'string' ? [patterns] : patterns).map(toExpression)
  return names.filter(name => matchers.some(matcher => matcher.test(name)))
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'su')
}
