/// Why a row that can be read makes no record.
struct RowDefect: Error {
  let message: String
  let remedy: String

  init(
    _ message: String, remedy: String = "mend the row, or leave such rows out with --on-error skip"
  ) {
    self.message = message
    self.remedy = remedy
  }
}
