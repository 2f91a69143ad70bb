import Glibc
import JSON

extension Configuration {
  package static let fileBytesMax = 1 << 20

  /// Reads and checks a file. Paths in it are taken relative to its directory.
  package static func load(path: String) throws(ConfigurationErrors) -> Configuration {
    try parse(bytes: try read(path), file: path)
  }

  /// The same for a text at hand; `file` names it in errors and is what its paths are relative to.
  package static func parse(
    text: String, file: String
  ) throws(ConfigurationErrors) -> Configuration {
    try parse(bytes: Array(text.utf8), file: file)
  }

  private static func parse(
    bytes: [UInt8], file: String
  ) throws(ConfigurationErrors) -> Configuration {
    let tree: JSONValue
    do throws(JSONError) {
      tree = try JSONValue.parse(
        bytes, limits: JSONLimits(bytesMax: fileBytesMax), subject: file)
    } catch {
      let place = "column \(error.column): \(error.message)"
      throw ConfigurationErrors(
        file: file,
        errors: [ConfigurationError("", place, remedy: error.remedy, at: error.position)])
    }
    var shapes = ShapeChecker()
    var crossings = CrossChecker()
    let checked = shapes.check(tree, ConfigurationShapes.top, "")
    if let checked { crossings.check(checked) }
    guard let checked, shapes.errors.isEmpty, crossings.errors.isEmpty else {
      throw ConfigurationErrors(file: file, errors: inOrder(shapes.errors + crossings.errors))
    }
    let directory = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    return Configuration(
      checked: checked, baseDirectory: file.hasPrefix("/") && directory.isEmpty ? "/" : directory)
  }

  /// By place in the file; two at one place stay as they were found.
  private static func inOrder(_ errors: [ConfigurationError]) -> [ConfigurationError] {
    func rank(_ error: ConfigurationError) -> (Int, Int) {
      (error.position?.line ?? 0, error.position?.column ?? 0)
    }
    return errors.enumerated().sorted { a, b in
      rank(a.element) == rank(b.element)
        ? a.offset < b.offset : rank(a.element) < rank(b.element)
    }.map(\.element)
  }

  private static func read(_ path: String) throws(ConfigurationErrors) -> [UInt8] {
    func failure(_ message: String, _ remedy: String) -> ConfigurationErrors {
      ConfigurationErrors(
        file: path, errors: [ConfigurationError("", message, remedy: remedy, at: nil)])
    }
    // Not blocking, so that a pipe in the file's place is refused and not waited for.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw failure(
        "the configuration cannot be read: \(String(cString: strerror(errno)))",
        "name a strategies.json that this user may read")
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw failure("it is not a regular file", "name a strategies.json")
    }
    guard status.st_size <= off_t(fileBytesMax) else {
      throw failure(
        "it has \(status.st_size) bytes, and at most \(fileBytesMax) are read",
        "a configuration is much shorter: check the path")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(file, buffer.baseAddress! + count, buffer.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw failure(
          "the configuration cannot be read: \(String(cString: strerror(errno)))",
          "check the disk and its file system")
      }
      if got == 0 { break }
      count += got
    }
    return Array(bytes.prefix(count))
  }
}
