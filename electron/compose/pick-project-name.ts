import { interpolate } from './environment/interpolate.ts'
import { composeInvalid } from './nodes/compose-invalid.ts'
import { getValue, type MapNode, type Place } from './nodes/compose-node.ts'

/** A text as Compose makes a project's name of it; empty when nothing of it can be used. */
export function normaliseProjectName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '')
}

/** A name that was given from outside, or an error when Compose would not take it. */
export function checkProjectName(name: string, at: Place): string {
  if (name !== '' && normaliseProjectName(name) === name) return name
  const better = normaliseProjectName(name) || 'a name such as "shop"'
  throw composeInvalid(
    at,
    `"${name}" cannot be the name of a project`,
    `use lower-case letters, digits, - and _, and begin with a letter or a digit: ${better}`,
  )
}

/** The `name` at the top of a file, as Compose would call the project; null when the file has none. */
export function readTopName(root: MapNode, lookUp: (name: string) => string | undefined): string | null {
  const node = getValue(root, 'name')
  if (!node) return null
  if (node.kind !== 'scalar' || typeof node.value !== 'string') {
    throw composeInvalid(node.at, 'the name of a project must be a text', 'put the name into quotes')
  }
  const result = interpolate(node.value, lookUp)
  // A fault in it is found, with its place, when the file is loaded.
  return result.ok ? normaliseProjectName(result.value) || null : null
}
