import { listNames } from '../../../../shared/text/plain-words.ts'

/** Names in a cell: the first few, all of them on hover. */
export function Names({ names }: { readonly names: readonly string[] }) {
  return names.length === 0 ? '-' : <span title={names.join(', ')}>{listNames(names)}</span>
}
