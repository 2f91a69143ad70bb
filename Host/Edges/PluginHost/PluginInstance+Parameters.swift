import PluginABI
import PluginBoundary
import Wording

extension PluginInstance {
  /// Sets every declared parameter, to the value given or to its default. Checks all values first
  /// and reports all that is wrong; then nothing has been set. Before activate only.
  package func set(_ values: [(name: String, value: ParameterValue)]) throws(PluginHostError) {
    try require(phase == .created, .parameter, "takes parameters before activate only")
    var defects = defects(in: values)
    for declaration in parameters where declaration.isRequired {
      if values.contains(where: { $0.name == declaration.name }) { continue }
      let about = declaration.about.isEmpty ? "it has no default" : declaration.about
      defects.append(.init("parameter \"\(declaration.name)\" is missing", "set it: \(about)"))
    }
    if !defects.isEmpty { throw PluginHostError(.parameter, name, defects) }
    guard let params = extensions.params else { return }
    for declaration in parameters {
      let given = values.last { $0.name == declaration.name }?.value
      let (number, text) = declaration.encoded(given ?? declaration.initial)
      var error = keel_error.empty
      var bytes = Array(text.utf8CString)
      let status = bytes.withUnsafeMutableBufferPointer { buffer in
        let length = buffer.count - 1
        let text = keel_str(
          ptr: length == 0 ? nil : UnsafePointer(buffer.baseAddress!), len: length)
        return plugin_call_params_set(
          boundary, params, plugin, declaration.id, number, text, &error)
      }
      try check(status, .parameter, "parameter \"\(declaration.name)\"", error)
    }
  }

  /// All that is wrong with the values, against the declarations. Also for live changes, which
  /// reach a plugin as events: `liveOnly` refuses what may not change while it runs.
  package func defects(
    in values: [(name: String, value: ParameterValue)], liveOnly: Bool = false
  ) -> [PluginHostError.Defect] {
    var defects: [PluginHostError.Defect] = []
    for (index, given) in values.enumerated() {
      guard let declaration = parameters.first(where: { $0.name == given.name }) else {
        defects.append(
          .init(
            "parameter \"\(given.name)\" is unknown to \(descriptor.id)",
            Suggestion.remedy(for: given.name, among: parameters.map(\.name))))
        continue
      }
      if values[..<index].contains(where: { $0.name == given.name }) {
        defects.append(.init("parameter \"\(given.name)\" is given twice", "give it once"))
      }
      if liveOnly && !declaration.isLive {
        defects.append(
          .init("parameter \"\(given.name)\" cannot change while it runs", "restart the slot"))
      }
      if let complaint = declaration.complaint(about: given.value) {
        defects.append(
          .init("parameter \"\(given.name)\": \(complaint)", "see the plugin's parameters"))
      }
    }
    return defects
  }
}
