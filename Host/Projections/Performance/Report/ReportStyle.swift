/// How a report looks: one column of figures on paper and telephones, two where there is room.
/// Green and red only ever mean gain and loss, and never stand alone: signs are written, too.
enum ReportStyle {
  static let css = """
    :root{--page:#f6f7f9;--panel:#fff;--ink:#16191d;--muted:#5f6b7a;--faint:#e6e9ee;\
    --own:#1d4ed8;--other:#9aa4b2;--gain:#0f7b4f;--loss:#b3261e;--gain-rgb:15,123,79;\
    --loss-rgb:179,38,30;--own-rgb:29,78,216;--notice:#8a5a00;--notice-back:#fff6e0;\
    --serious-back:#fdecea;color-scheme:light dark}
    @media (prefers-color-scheme:dark){:root{--page:#0d1014;--panel:#14181e;--ink:#e7eaee;\
    --muted:#94a0b0;--faint:#262d37;--own:#6ea8ff;--other:#6b7787;--gain:#3fbf85;\
    --loss:#f0716a;--gain-rgb:63,191,133;--loss-rgb:240,113,106;--own-rgb:110,168,255;\
    --notice:#f0c36d;--notice-back:#2a2415;--serious-back:#2d1a1a}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);font:14px/1.45 system-ui,-apple-system,\
    "Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;\
    -webkit-text-size-adjust:100%}
    main{max-width:1180px;margin:0 auto;padding:28px 24px 40px}
    header{display:flex;flex-wrap:wrap;gap:8px 40px;justify-content:space-between;\
    align-items:flex-end;border-bottom:2px solid var(--ink);padding-bottom:14px}
    h1{font-size:26px;line-height:1.15;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
    header p{margin:6px 0 0;color:var(--muted);overflow-wrap:anywhere}
    h2{font-size:12px;letter-spacing:.08em;text-transform:uppercase;color:var(--muted);\
    margin:0 0 10px;font-weight:600}
    dl.facts{display:flex;flex-wrap:wrap;gap:2px 26px;margin:0;font-size:12.5px}
    .facts dt{color:var(--muted);font-size:11px}.facts dd{margin:0;overflow-wrap:anywhere}
    ul.warnings{list-style:none;margin:16px 0 0;padding:0;font-size:13px}
    .warnings li{padding:6px 12px;border-left:3px solid var(--notice);\
    background:var(--notice-back);margin:0 0 4px}
    .warnings li.serious{border-color:var(--loss);background:var(--serious-back)}
    .warnings b{text-transform:uppercase;font-size:11px;letter-spacing:.06em;margin-right:8px}
    .tiles{display:grid;grid-template-columns:repeat(var(--tiles),1fr);gap:1px;margin:18px 0;\
    background:var(--faint);border:1px solid var(--faint);border-radius:6px;overflow:hidden}
    .tile{background:var(--panel);padding:12px 14px;min-width:0}
    .tile span{display:block;color:var(--muted);font-size:11.5px;white-space:nowrap}
    .tile strong{display:block;font-size:21px;line-height:1.25;font-weight:600;\
    letter-spacing:-.01em;white-space:nowrap}
    .tile small{display:block;color:var(--muted);font-size:11.5px;white-space:nowrap;\
    overflow:hidden;text-overflow:ellipsis}
    .gain{color:var(--gain)}.loss{color:var(--loss)}
    section{background:var(--panel);border:1px solid var(--faint);border-radius:6px;\
    padding:16px 18px 14px;margin:0 0 16px;min-width:0}
    .pair{display:grid;grid-template-columns:1fr 1fr;gap:0 16px}
    .columns{display:grid;grid-template-columns:repeat(4,1fr);gap:10px 28px;align-items:start}
    figure.chart{margin:0 0 6px}
    figcaption{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline;margin:0 0 8px}
    figcaption b{font-weight:600}.unit{color:var(--muted);font-size:12px}
    .legend{margin-left:auto;font-size:12px;color:var(--muted);display:flex;flex-wrap:wrap;\
    gap:0 14px}
    .key::before{content:"";display:inline-block;width:14px;height:0;border-top:2px solid;\
    vertical-align:middle;margin-right:6px;color:var(--own)}
    .key.other::before,.key.path::before{color:var(--other)}.key.mean::before{color:var(--ink);\
    border-top-style:dashed}
    .key.block::before{height:9px;border:0;background:rgba(var(--own-rgb),.45)}
    .key.wide::before{background:rgba(var(--own-rgb),.16)}
    .plot{position:relative;margin:0 0 24px 52px}
    .plot svg{display:block;width:100%;height:100%;overflow:visible}
    .plot svg *{vector-effect:non-scaling-stroke}
    .grid{stroke:var(--faint);fill:none;stroke-width:1}
    .line{fill:none;stroke:var(--own);stroke-width:1.6;stroke-linejoin:round}
    .line.other{stroke:var(--other);stroke-width:1.3}.line.path{stroke:var(--ink);\
    stroke-width:1.3;stroke-dasharray:4 3}.line.thin{stroke-width:1.1}
    .line.loss{stroke:var(--loss);stroke-width:1.1}
    .area{fill:rgba(var(--own-rgb),.10);stroke:none}.area.loss{fill:rgba(var(--loss-rgb),.18)}
    .area.inner{fill:rgba(var(--own-rgb),.30)}.area.wide{fill:rgba(var(--own-rgb),.14)}
    .bar.gain{fill:var(--gain);opacity:.85}.bar.loss{fill:var(--loss);opacity:.85}
    .dot{fill:none;stroke-width:5;stroke-linecap:round;opacity:.6}
    .dot.gain{stroke:var(--gain)}.dot.loss{stroke:var(--loss)}
    .level{fill:none;stroke:var(--muted);stroke-width:1}.level.mean{stroke:var(--ink);\
    stroke-dasharray:4 3}
    .plot .y{position:absolute;right:100%;margin-right:8px;transform:translateY(50%);\
    font-size:11.5px;color:var(--muted);white-space:nowrap;line-height:1}
    .plot .x{position:absolute;top:100%;margin-top:7px;transform:translateX(-50%);\
    font-size:11.5px;color:var(--muted);white-space:nowrap;line-height:1}
    .x.first{transform:none}.x.last{transform:translateX(-100%)}
    .cursor{position:absolute;top:0;bottom:0;width:0;border-left:1px solid var(--muted);\
    pointer-events:none}
    .cursor span{position:absolute;top:0;left:6px;background:var(--panel);\
    border:1px solid var(--faint);border-radius:4px;padding:2px 8px;font-size:12px;\
    white-space:nowrap}
    .cursor.right span{left:auto;right:6px}
    .scroll{overflow-x:auto}
    table{border-collapse:collapse;width:100%;font-size:13px}
    caption{caption-side:top;text-align:left;font-weight:600;padding:0 0 6px}
    th{font-weight:500;color:var(--muted);font-size:12px;text-align:right;white-space:nowrap}
    th,td{padding:4px 8px;border-bottom:1px solid var(--faint)}
    td{text-align:right;white-space:nowrap}
    th:first-child,td:first-child{text-align:left;padding-left:0}
    td:last-child,th:last-child{padding-right:0}
    table.facts td:first-child{color:var(--muted)}table.facts td{padding:3px 0;white-space:normal}
    table.facts td:last-child{text-align:right;padding-left:10px;overflow-wrap:anywhere}
    .columns table.facts{font-size:12.5px}.columns table.facts td:last-child{white-space:nowrap}
    td.name{max-width:260px;overflow:hidden;text-overflow:ellipsis}
    table.months{table-layout:fixed;min-width:800px}
    table.months td,table.months th{padding:5px 6px;text-align:right}
    table.months th:first-child{width:52px;text-align:left}
    table.months td.year{font-weight:600;border-left:2px solid var(--panel)}
    .months td{border-bottom:2px solid var(--panel);border-left:2px solid var(--panel)}
    footer{color:var(--muted);font-size:12px;margin:4px 0 0}footer p{margin:0 0 6px}
    @media (max-width:1000px){.tiles{grid-template-columns:repeat(4,1fr)}\
    .columns{grid-template-columns:1fr 1fr}}
    @media (max-width:760px){main{padding:16px 12px 28px}.pair{grid-template-columns:\
    minmax(0,1fr)}h1{font-size:21px}.x.minor{display:none}section{padding:14px 12px 10px}\
    th,td{padding:4px}table{font-size:12px}}
    @media (max-width:520px){.tiles{grid-template-columns:1fr 1fr}\
    .columns{grid-template-columns:1fr}.plot{margin-left:44px}.legend{margin-left:0}}
    @page{size:A4;margin:12mm}
    @media print{:root{--page:#fff;--panel:#fff;--ink:#000;--muted:#4a5361;--faint:#dfe3e8;\
    --own:#1d4ed8;--other:#8a94a3;--gain:#0f7b4f;--loss:#b3261e;--gain-rgb:15,123,79;\
    --loss-rgb:179,38,30;--own-rgb:29,78,216;--notice:#8a5a00;--notice-back:#fff6e0;\
    --serious-back:#fdecea}
    *{-webkit-print-color-adjust:exact;print-color-adjust:exact}
    body{font-size:10.5px}main{max-width:none;padding:0 1px}h1{font-size:20px}\
    section{padding:10px 12px 6px;margin:0 0 10px;break-inside:avoid}\
    .tiles{grid-template-columns:repeat(var(--tiles),1fr);margin:10px 0}.tile{padding:7px 8px}\
    .tile strong{font-size:14px}.tile span,.tile small{font-size:8.5px}\
    .columns{grid-template-columns:repeat(4,1fr);gap:4px 18px}\
    .pair{grid-template-columns:1fr 1fr;gap:0 10px}table,table.facts{font-size:9.5px}\
    table.months{min-width:0}th,td,table.months td,table.months th{padding:3px}\
    td.name{max-width:130px}.columns table.facts{font-size:8.5px}\
    th{font-size:9px}.plot .y,.plot .x,.legend,.unit{font-size:8.5px}.cursor{display:none}\
    section.long{break-inside:auto}tr,figure{break-inside:avoid}svg.fragment{max-width:100%;\
    height:auto}}
    """

  /// Shows the values under the pointer. Without it nothing is missing but that.
  static let script = """
    document.querySelectorAll('.plot[data-places]').forEach(function(plot){
    var places=plot.dataset.places.split(' ').map(Number),texts=plot.dataset.texts.split('|');
    var cursor=document.createElement('div'),word=document.createElement('span');
    cursor.className='cursor';cursor.hidden=true;cursor.appendChild(word);plot.appendChild(cursor);
    plot.addEventListener('pointermove',function(event){
    var box=plot.getBoundingClientRect(),at=(event.clientX-box.left)/box.width,low=0,
    high=places.length-1;
    while(low<high){var middle=(low+high)>>1;if(places[middle]<at)low=middle+1;else high=middle;}
    if(low>0&&at-places[low-1]<places[low]-at)low--;
    cursor.hidden=false;cursor.style.left=places[low]*100+'%';word.textContent=texts[low];
    cursor.classList.toggle('right',places[low]>.6);});
    plot.addEventListener('pointerleave',function(){cursor.hidden=true;});});
    """
}
