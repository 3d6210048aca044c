//! Plots of time and memory by size. Both axes are logarithmic, so that a straight line at 45° is a constant
//! cost per article.

use std::fmt::Write as _;
use std::path::Path;

use crate::table::Row;

const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 45.0;
const COLOURS: &[&str] = &["#8a1f11", "#d08770", "#1f6f8b", "#6b7a3a", "#777777"];

type Line = (&'static str, Vec<(f64, f64)>);

/// Writes `compare-time.svg` and `compare-memory.svg`.
pub(crate) fn write(folder: &Path, rows: &[Row]) -> std::io::Result<()> {
    let seconds = |row: &Row| row.time.as_secs_f64();
    let mut times = lines(rows, seconds);
    let mut lower_bound: Vec<(f64, f64)> = Vec::new();
    for row in rows {
        let point = (row.size as f64, row.lower_bound.as_secs_f64());
        if !lower_bound.contains(&point) {
            lower_bound.push(point);
        }
    }
    times.push(("lower bound", lower_bound));
    let memory = lines(rows, |row| row.peak as f64 / 1e6);
    std::fs::write(
        folder.join("compare-time.svg"),
        chart("First build, seconds", &times),
    )?;
    std::fs::write(
        folder.join("compare-memory.svg"),
        chart("Peak memory, MB", &memory),
    )
}

fn lines(rows: &[Row], value: impl Fn(&Row) -> f64) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let point = (row.size as f64, value(row));
        match lines.iter_mut().find(|line| line.0 == row.program) {
            Some(line) => line.1.push(point),
            None => lines.push((row.program, vec![point])),
        }
    }
    lines
}

/// A plot with a line for each program; `title` is what is measured, and its unit.
fn chart(title: &str, lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|line| &line.1);
    let (x_low, x_high) = decades(points().map(|point| point.0));
    let (y_low, y_high) = decades(points().map(|point| point.1));
    let x = |value: f64| LEFT + (value.log10() - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| {
        HEIGHT - BOTTOM - (value.log10() - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"{LEFT}\" y=\"22\" font-size=\"15\">{title}</text>\n"
    );
    for power in y_low as i32..=y_high as i32 {
        let (value, at) = (10f64.powi(power), y(10f64.powi(power)));
        let _ = writeln!(
            out,
            "<line x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0
        );
    }
    for power in x_low as i32..=x_high as i32 {
        let (value, at) = (10f64.powi(power), x(10f64.powi(power)));
        let _ = writeln!(
            out,
            "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{}\" stroke=\"#ddd\"/><text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{value}</text>",
            HEIGHT - BOTTOM,
            HEIGHT - BOTTOM + 18.0
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">articles</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 8.0
    );
    for ((_, points), colour) in lines.iter().zip(COLOURS.iter().cycle()) {
        let path: Vec<String> = points
            .iter()
            .map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1)))
            .collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        for point in &path {
            let (x, y) = point.split_once(',').unwrap_or_default();
            let _ = writeln!(
                out,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"3\" fill=\"{colour}\"/>"
            );
        }
    }
    legend(&mut out, lines);
    out + "</svg>\n"
}

/// The names in the order of the lines' ends, the highest first.
fn legend(out: &mut String, lines: &[Line]) {
    let mut ends: Vec<(&str, &str, f64)> = lines
        .iter()
        .zip(COLOURS.iter().cycle())
        .filter_map(|(line, colour)| Some((line.0, *colour, line.1.last()?.1 / line.1.last()?.0)))
        .collect();
    ends.sort_by(|a, b| b.2.total_cmp(&a.2));
    for (rank, (name, colour, _)) in ends.iter().enumerate() {
        let (x, y) = (WIDTH - RIGHT + 12.0, TOP + 14.0 + 20.0 * rank as f64);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{:.1}\" width=\"10\" height=\"10\" fill=\"{colour}\"/><text x=\"{}\" y=\"{y:.1}\">{name}</text>",
            y - 9.0,
            x + 16.0
        );
    }
}

/// The powers of ten around the values.
fn decades(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let logs: Vec<f64> = values.map(f64::log10).collect();
    let low = logs.iter().copied().fold(f64::INFINITY, f64::min).floor();
    let high = logs
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max)
        .ceil();
    (low, high.max(low + 1.0))
}
