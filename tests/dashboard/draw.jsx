// Prometheus's answers in, the panels of claimwire.json drawn from them out, with Grafana's own libraries.
//
// The address says what: ?prometheus=http://127.0.0.1:9090&from=now-1h&to=now; times are as in Grafana's addresses, or
// milliseconds since 1970. Grafana's panels themselves are no library: how stat, timeseries and table hand their options
// to the components is written down here, as far as the dashboard uses them.
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import {
  applyFieldOverrides, createDataFrame, createTheme, dateTime, FieldType, getFieldDisplayValues, rangeUtil, setTimeZoneResolver,
  standardFieldConfigEditorRegistry, standardTransformers, standardTransformersRegistry, ThemeContext, transformDataFrame,
} from '@grafana/data';
import { BigValue, GlobalStyles, PanelChrome, TimeSeries, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { createRoot } from 'react-dom/client';
import { firstValueFrom } from 'rxjs';
import dashboard from '../../config/grafana/claimwire.json';

const COLUMNS = 24, ROW = 30, GAP = 8, WIDTH = 1264; // Grafana's grid; lengths are pixels
const SCRAPE_S = 15; // timeInterval in config/grafana/provisioning/datasources
const TIME_ZONE = 'utc';

// What a panel takes for itself where the file says nothing.
const USUAL = { thresholds: { mode: 'absolute', steps: [{ color: 'green', value: -Infinity }, { color: 'red', value: 80 }] } };
const DEFAULTS = {
  stat: { ...USUAL, color: { mode: 'thresholds' }, custom: {} },
  table: { ...USUAL, color: { mode: 'thresholds' }, custom: { align: 'auto', cellOptions: { type: 'auto' }, width: undefined } },
  timeseries: {
    ...USUAL,
    color: { mode: 'palette-classic' },
    custom: {
      axisPlacement: 'auto', drawStyle: 'line', fillOpacity: 0, gradientMode: 'none', hideFrom: {}, lineInterpolation: 'linear',
      lineWidth: 1, pointSize: 5, scaleDistribution: { type: 'linear' }, showPoints: 'auto', spanNulls: false,
      stacking: { group: 'A', mode: 'none' }, thresholdsStyle: { mode: 'off' },
    },
  },
};

const address = new URLSearchParams(location.search);
const [from, to] = ['from', 'to'].map((end) => address.get(end) ?? dashboard.time[end])
  .map((time) => (/^\d+$/.test(time) ? dateTime(Number(time)) : time));
const range = rangeUtil.convertRawToRange({ from, to }, TIME_ZONE);
const theme = createTheme({ colors: { mode: 'dark' } });
const replaceVariables = (text) => text;

async function ask(path, parameters) {
  const answer = await fetch(`${address.get('prometheus')}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const { data, error } = await answer.json();
  if (error) throw new Error(`${parameters.query}: ${error}`);
  return data.result;
}

const number = (text) => (Number.isFinite(Number(text)) ? Number(text) : null); // no panel draws NaN
const frame = (target, ...fields) => createDataFrame({ refId: target.refId, fields });

// One frame for each series, or one with a row for each, as Grafana's Prometheus data source gives them.
async function frames(target, width) {
  const step = Math.max(rangeUtil.calculateInterval(range, width, '1s').intervalMs / 1000, SCRAPE_S);
  const query = target.expr.replaceAll('$__rate_interval', `${Math.max(step + SCRAPE_S, 4 * SCRAPE_S)}s`);
  const [start, end] = [range.from, range.to].map((time) => Math.floor(time.unix() / step) * step);
  if (target.format === 'table') {
    const found = await ask('query', { query, time: end });
    const labels = [...new Set(found.flatMap(({ metric }) => Object.keys(metric)))].sort();
    return [frame(
      target,
      { name: 'Time', type: FieldType.time, values: found.map(({ value: [time] }) => time * 1000) },
      ...labels.map((name) => ({ name, type: FieldType.string, values: found.map(({ metric }) => metric[name]) })),
      { name: 'Value', type: FieldType.number, values: found.map(({ value: [, text] }) => number(text)) },
    )];
  }
  const found = await ask('query_range', { query, start, end, step });
  return found.map(({ metric: labels, values }) => {
    const name = target.legendFormat.replace(/{{\s*(\w+)\s*}}/g, (_, label) => labels[label] ?? '');
    return frame(
      target,
      { name: 'Time', type: FieldType.time, config: { interval: step * 1000 }, values: values.map(([time]) => time * 1000) },
      {
        name: 'Value', type: FieldType.number, labels, config: { displayNameFromDS: name },
        values: values.map(([, text]) => number(text)),
      },
    );
  });
}

async function withData(panel) {
  const width = (panel.gridPos.w * WIDTH) / COLUMNS;
  const found = (await Promise.all(panel.targets.map((target) => frames(target, width)))).flat();
  const usual = DEFAULTS[panel.type];
  const { defaults, overrides } = panel.fieldConfig;
  const fieldConfig = { defaults: { ...usual, ...defaults, custom: { ...usual.custom, ...defaults.custom } }, overrides };
  const data = await firstValueFrom(transformDataFrame(panel.transformations ?? [], found));
  return { ...panel, fieldConfig, data: applyFieldOverrides({ data, fieldConfig, theme, replaceVariables, timeZone: TIME_ZONE }) };
}

const DRAW = {
  stat: ({ options, fieldConfig, data }, width, height) => {
    const { colorMode = 'value', graphMode = 'area', justifyMode = 'auto', textMode = 'auto', reduceOptions } = options;
    const getValues = () => getFieldDisplayValues({
      data, theme, fieldConfig, replaceVariables, reduceOptions: { values: false, ...reduceOptions }, sparkline: graphMode !== 'none',
    });
    const renderValue = ({ value: { display, sparkline }, width, height, count }) => (
      <BigValue value={display} {...{ theme, width, height, count, sparkline, colorMode, graphMode, justifyMode, textMode }} />
    );
    return <VizRepeater source={data} renderCounter={0} orientation="auto" {...{ width, height, getValues, renderValue }} />;
  },
  table: ({ data: [rows] }, width, height) => <TableNG data={rows} {...{ width, height }} />,
  timeseries: ({ options, data }, width, height) => (
    <TimeSeries
      frames={data} timeRange={range} timeZone={TIME_ZONE} options={options}
      legend={{ showLegend: true, calcs: [], ...options.legend }} {...{ width, height }}
    />
  ),
};

function Panel({ panel }) {
  const { x, y, w, h } = panel.gridPos;
  const column = (WIDTH + GAP) / COLUMNS;
  const [width, height] = [w * column - GAP, h * (ROW + GAP) - GAP];
  const empty = panel.data.every(({ length }) => length === 0);
  return (
    <div data-panel={panel.id} style={{ position: 'absolute', left: x * column, top: y * (ROW + GAP) }}>
      <PanelChrome title={panel.title} description={panel.description} {...{ width, height }}>
        {(width, height) => (empty ? 'No data' : DRAW[panel.type](panel, width, height))}
      </PanelChrome>
    </div>
  );
}

function Dashboard({ panels }) {
  const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * (ROW + GAP) - GAP;
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <main style={{ position: 'relative', width: WIDTH, height, margin: GAP }}>
        {panels.map((panel) => <Panel key={panel.id} panel={panel} />)}
      </main>
    </ThemeContext.Provider>
  );
}

// Grafana itself fills these when it starts.
setTimeZoneResolver(() => TIME_ZONE);
standardTransformersRegistry.setInit(() => [standardTransformers.organizeFieldsTransformer].map((transformation) => (
  { id: transformation.id, name: transformation.name, transformation: async () => transformation }
)));
const property = (path, isCustom) => (
  { id: isCustom ? `custom.${path}` : path, path, isCustom, process: (value) => value, shouldApply: () => true }
);
standardFieldConfigEditorRegistry.setInit(() => {
  const customs = [...Object.values(DEFAULTS), ...dashboard.panels.map(({ fieldConfig }) => fieldConfig.defaults)]
    .flatMap(({ custom = {} }) => Object.keys(custom));
  return [
    ...['color', 'decimals', 'displayName', 'mappings', 'max', 'min', 'noValue', 'thresholds', 'unit'].map((path) => property(path, false)),
    ...[...new Set(customs)].map((path) => property(path, true)),
  ];
});

const panels = await Promise.all(dashboard.panels.map(withData));
document.body.style.margin = 0;
createRoot(document.body).render(<Dashboard panels={panels} />);
