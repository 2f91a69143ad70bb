import History
import Market
package import Performance
import PluginABI

/// Rows of orders and fills as they come, for whoever writes them to a file.
package struct ReportRows {
  private let orders: CSVReport
  private let fills: CSVReport

  package init(
    _ names: ReportNames, orders: @escaping (String) -> Void, fills: @escaping (String) -> Void
  ) {
    self.orders = CSVReport(names, orders)
    self.fills = CSVReport(names, fills)
    self.orders.beginOrders()
    self.fills.beginFills()
  }

  /// `sent` nil: it never left the host.
  func order(_ update: keel_ev_order, sent: Timestamp?) {
    let reason = update.reason == 0 ? "" : ReasonText.name(Int(update.reason))
    withUnsafePointer(to: update) { orders.order($0, sent: sent, reason: reason) }
  }
  func fill(_ fill: UnsafePointer<keel_ev_fill>) { fills.fill(fill) }
}
