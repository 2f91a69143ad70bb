/// Why a worker did not load a library: the error it met, as bytes. What it sends is read as text
/// alone.
struct WorkerRefusal {
  private static let separator: UInt8 = 0
  private static let fieldsMax = 64

  static func bytes(_ error: PluginHostError) -> [UInt8] {
    let fields = [error.code.rawValue] + error.defects.flatMap { [$0.message, $0.remedy] }
    return Array(fields.map { Array($0.utf8) }.joined(separator: [separator]))
  }

  static func error(_ bytes: [UInt8], subject: String) -> PluginHostError {
    let fields = bytes.split(separator: separator, omittingEmptySubsequences: false)
      .prefix(fieldsMax).map { String(decoding: $0, as: UTF8.self) }
    var defects: [PluginHostError.Defect] = []
    for place in stride(from: 1, to: fields.count - 1, by: 2) {
      defects.append(.init(fields[place], fields[place + 1]))
    }
    if defects.isEmpty {
      defects = [.init("its worker refused it and does not say why", "look at the plugin's log")]
    }
    let code = fields.first.flatMap(PluginHostError.Code.init) ?? .loadFailed
    return PluginHostError(code, subject, defects)
  }
}
