import Glibc
import PluginHost

extension PluginProbe {
  /// Loads a library in a child of this same program; nil when that went well.
  static func tryInChild(_ path: String) -> PluginHostError? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard length > 0 else { return nil }
    let executable = String(
      decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    do throws(PluginHostError) {
      _ = try run(
        executable: executable, arguments: ["plugin", "probe", path], timeout: .seconds(10))
      return nil
    } catch { return error }
  }
}
