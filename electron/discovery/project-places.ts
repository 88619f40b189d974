import type { ContainerFacts } from '../../shared/server/docker-container.ts'

/** A folder with the Compose files that were read there; absolute paths. */
export interface ProjectPlace {
  readonly folder: string
  readonly files: readonly string[]
}

/**
 * All places that containers of one project name come from, when they are more than one; empty otherwise.
 *
 * The same files with an override more are one project; two files of one folder that have nothing in common are two.
 */
export function findForeignPlaces(
  containers: readonly ContainerFacts[],
  place: ProjectPlace | null,
): readonly string[] {
  const seen = containers.flatMap(({ compose }): readonly ProjectPlace[] =>
    compose === null || compose.workingDir === ''
      ? []
      : [{ folder: compose.workingDir, files: compose.configFiles }],
  )
  const all = place === null ? seen : [place, ...seen]
  const folders = [...new Set(all.map(one => one.folder))]
  if (folders.length > 1) return folders.toSorted()
  const areStrangers = (a: ProjectPlace, b: ProjectPlace) =>
    a.files.length > 0 && b.files.length > 0 && !a.files.some(file => b.files.includes(file))
  if (!all.some(one => all.some(other => areStrangers(one, other)))) return []
  return [...new Set(all.flatMap(one => one.files))].toSorted()
}
