import { expect, test } from 'vitest'
import { hideSecrets } from '../../electron/output/hide-secrets.ts'

test('hides a password as written and in each of the forms that it takes in a URL', () => {
  const secret = "a'b c+d/%é"
  const text = [
    `password=${secret} end`,
    'x://u:a%27b%20c%2Bd%2F%25%C3%A9@h/d',
    'x://u:a%27b c+d%2F%25%C3%A9@h/d',
    'x://u:a%%27b c+d%%2F%%25%%C3%%A9@h/d',
  ].join('\n')
  expect(hideSecrets(text, [secret])).toBe(
    ['password=*** end', 'x://u:***@h/d', 'x://u:***@h/d', 'x://u:***@h/d'].join('\n'),
  )
})

test('hides the password of a URL that nobody told us about, and leaves the rest alone', () => {
  expect(hideSecrets('see postgresql://app:hunter2@db:5432/x and http://plain/path', [])).toBe(
    'see postgresql://app:***@db:5432/x and http://plain/path',
  )
})
