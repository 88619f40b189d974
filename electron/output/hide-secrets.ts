/** Takes passwords out of a text, as written and as they look in a URL, and the password of any URL in it. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap(formsOf).sort((a, b) => b.length - a.length)
  const clean = forms.reduce((rest, form) => rest.replaceAll(form, '***'), text)
  return clean.replace(/(:\/\/[^\s:/@]*:)[^\s@]+@/g, '$1***@')
}

/** Which characters are quoted in a URL differs between those who write it. */
function formsOf(secret: string): readonly string[] {
  if (secret === '') return []
  const loose = encodeURIComponent(secret)
  const strict = loose.replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
  const forms = [loose, strict, strict.replaceAll('%20', ' ').replaceAll('%2B', '+')]
  return [...new Set([secret, ...forms, ...forms.map(form => form.replaceAll('%', '%%'))])]
}
