import { describe, expect, it } from 'vitest'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { failureSamples } from '../samples/failures.ts'

describe('a failure in words', () => {
  it.each(Object.entries(failureSamples))('says what, where, why and the fix of %s', (_kind, failures) => {
    for (const failure of failures) {
      const words = describeFailure(failure)
      expect(words).toMatchSnapshot()
      expect(words.what).toMatch(/\S/)
      expect(Object.values(words).join(' ')).not.toMatch(/undefined|null|\[object|\n|!/)
    }
  })
})
