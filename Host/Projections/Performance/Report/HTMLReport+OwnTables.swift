/// Tables of whoever made the report.
extension HTMLReport {
  var tables: Markup {
    var markup = Markup()
    for table in report.tables where !table.rows.isEmpty {
      markup += "<section class=\"long\"><h2>\(table.title)</h2><div class=\"scroll\"><table>"
      markup += "<thead><tr>"
      for column in table.columns { markup += "<th>\(column)</th>" }
      markup += "</tr></thead><tbody>"
      for row in table.rows {
        markup += "<tr>"
        for cell in row { markup += "<td>\(cell)</td>" }
        markup += "</tr>"
      }
      markup += "</tbody></table></div></section>\n"
    }
    return markup
  }
}
