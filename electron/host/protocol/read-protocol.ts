import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { PhaseProse } from '../../../shared/api/protocol-view.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { type ReadConfig, readConfig } from '../../config/parse-config.ts'
import { listProse } from '../../protocol/list-prose.ts'
import { mergeProtocol } from '../../protocol/merge-protocol.ts'
import { type Protocol, parseProtocol } from '../../protocol/parse-protocol.ts'
import type { ReferenceLookup } from '../../settings/resolve-references.ts'
import { findProjectFile, searchUpward } from '../settings/find-project-file.ts'
import { readDefaultProtocol } from './default-protocol.ts'

/** A protocol that was checked, and the project file that it fits, where there is one. */
export interface CheckedProtocol {
  readonly protocol: Protocol
  /** Null where no project file is found that names it. */
  readonly project: string | null
}

/** Reads the project file with what it was read from; null where there is none and none was named. */
export function readPolicy(named: string | null, folder: string): ReadConfig | null {
  if (named === null && searchUpward(folder) === null) return null
  const file = findProjectFile(named, folder)
  return readConfig(readFileSync(file, 'utf8'), relative(folder, file) || file, lookupFrom(dirname(file)))
}

/** Checks one protocol by itself, and with the project that names it. */
export function checkProtocol(path: string, named: string | null, folder: string): CheckedProtocol {
  const file = resolve(folder, path)
  if (!existsSync(file))
    throw new LockstepError({
      kind: 'usage',
      problem: `there is no file ${path}`,
      fix: 'lockstep protocol init writes the default protocol',
    })
  const projectFile = named === null ? searchUpward(folder) : findProjectFile(named, folder)
  const lookup = lookupFrom(projectFile === null ? dirname(file) : dirname(projectFile))
  const protocol = parseProtocol(readFileSync(file, 'utf8'), path, lookup)
  const policy = projectFile === null ? null : readPolicy(projectFile, folder)
  const isOfProject =
    projectFile !== null &&
    policy?.protocol != null &&
    resolve(dirname(projectFile), policy.config.protocol ?? '') === file
  if (isOfProject) mergeProtocol(policy.file, protocol.settings)
  return { protocol, project: isOfProject ? relative(folder, projectFile) : null }
}

/** Writes the default protocol, to be edited. */
export function writeDefaultProtocol(path: string, force: boolean, folder: string): void {
  const file = resolve(folder, path)
  if (existsSync(file) && !force)
    throw new LockstepError({
      kind: 'usage',
      problem: `${path} exists already`,
      fix: `lockstep protocol init ${path} --force`,
    })
  writeFileSync(file, readDefaultProtocol())
}

/** What people read beside each phase: the project's own protocol, or the default one. */
export function readPhaseProse(policy: Pick<ReadConfig, 'protocol'> | null): readonly PhaseProse[] {
  const nothing = { env: () => undefined, file: () => undefined }
  return listProse(policy?.protocol ?? parseProtocol(readDefaultProtocol(), 'SKILL.md', nothing))
}

function lookupFrom(folder: string): ReferenceLookup {
  return {
    env: name => process.env[name],
    file: path => {
      try {
        return readFileSync(resolve(folder, path), 'utf8')
      } catch {
        return undefined
      }
    },
  }
}
