/** Groups as a first project file has them: one tenant goes first; the others follow when it is well. */
export function suggestGroups(tenants: readonly string[]): readonly object[] {
  const [canary] = tenants
  return [
    { name: 'canary', tenants: [canary], mode: 'atomic', parallel: 1 },
    { name: 'rest', tenants: ['*'], mode: 'atomic', parallel: 4 },
  ]
}
