import Configuration
import JSON

extension CommandError {
  /// All that is wrong with a configuration, each with its line, as one error.
  init(_ errors: ConfigurationErrors) {
    let count = errors.errors.count
    self.init(
      .configuration, subject: errors.file, count == 1 ? "1 defect" : "\(count) defects",
      remedy: "Mend the file, then check it: keel config check \(errors.file)",
      details: errors.errors.map { error in
        let place = error.position.map { "line \($0.line): " } ?? ""
        return Detail(
          place + error.description,
          [
            "path": .string(error.path), "line": error.position.map { .integer($0.line) } ?? nil,
            "column": error.position.map { .integer($0.column) } ?? nil,
            "message": .string(error.message), "remedy": .string(error.remedy),
          ])
      })
  }
}
