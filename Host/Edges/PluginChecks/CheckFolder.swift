import Glibc
import PluginHost

/// A folder for the copies and the notes of one run of checks.
struct CheckFolder {
  let path: String

  init() throws(PluginHostError) {
    var template = Array("/tmp/keel-check-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard made else {
      throw PluginHostError(
        .unreadable, path, "no folder can be made there: \(String(cString: strerror(errno)))",
        remedy: "make room in /tmp, and see that it may be written to")
    }
  }

  /// With what is directly in it.
  func remove() {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { unlink("\(path)/\(name)") }
      }
      closedir(folder)
    }
    rmdir(path)
  }
}
