import { describe, expect } from 'vitest'
import { askDockerCompose, listComposeCases, readExpected, withoutPlace } from '../support/compose-oracle.ts'
import { needs } from '../support/needs.ts'

/** What our reader is held to must be what Docker's own Compose says today. */
describe('docker compose config', () => {
  const it = needs('docker compose')

  it.each(listComposeCases('compose'))(
    'still reads the project $name as expected.json has it',
    async wanted => {
      const project = await askDockerCompose(wanted)
      expect(withoutPlace(project, wanted)).toEqual(readExpected(wanted))
    },
  )

  it.each(listComposeCases('compose-wrong'))('refuses $name as well', async wanted => {
    await expect(askDockerCompose(wanted)).rejects.toThrow('docker compose')
  })
})
