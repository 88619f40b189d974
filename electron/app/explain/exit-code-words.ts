/** What each exit code means. */
export const exitCodeWords: Readonly<Record<string, string>> = {
  '0': 'done, or nothing to do',
  '1': 'the tool itself failed',
  '2': 'usage or configuration',
  '3': 'a gate or a hook failed or could not be judged; nothing was changed',
  '4': 'approval missing, denied or void; nothing was changed',
  '5': 'the migration failed, and every tenant is proven to be as it was',
  '6': 'mixed or unproven state: a human is needed; the report names each tenant',
  '7': 'another run holds the lock, or an unfinished run must be recovered first',
  '129': 'the terminal went away; rolled back and proven',
  '130': 'interrupted; rolled back and proven',
  '143': 'terminated; rolled back and proven',
}
