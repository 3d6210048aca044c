//! HTTP/1.1 messages, each held in memory.

use std::io::{self, BufRead, Write};

/// A request or a response.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// `PUT /path HTTP/1.1`, or `HTTP/1.1 200 OK`.
    pub start: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    pub(crate) fn new(start: impl Into<String>, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers = headers.iter();
        Self {
            start: start.into(),
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.to_vec(),
        }
    }

    /// Reads a request; None where the other side closed instead. `go_on` is where to tell a client that asks before it
    /// sends its body.
    pub(crate) fn request(
        from: &mut impl BufRead,
        go_on: &mut impl Write,
    ) -> io::Result<Option<Self>> {
        let Some(mut message) = Self::head(from)? else {
            return Ok(None);
        };
        if message.header("expect").is_some() {
            go_on.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if message.is_chunked() {
            message.body = chunks(from)?;
        } else if let Some(length) = message.length() {
            message.body = vec![0; length];
            from.read_exact(&mut message.body)?;
        }
        Ok(Some(message))
    }

    /// Reads a response of a server that closes after it.
    pub(crate) fn response(from: &mut impl BufRead) -> io::Result<Self> {
        let message = Self::head(from)?;
        let mut message = message.ok_or(io::ErrorKind::UnexpectedEof)?;
        if message.is_chunked() {
            message.body = chunks(from)?;
        } else {
            from.read_to_end(&mut message.body)?;
        }
        Ok(message)
    }

    /// Sends it as the last of its connection.
    pub(crate) fn send(&self, to: &mut impl Write) -> io::Result<()> {
        let mut bytes = format!("{}\r\n", self.start).into_bytes();
        let own = [
            "connection",
            "content-length",
            "transfer-encoding",
            "expect",
        ];
        let kept = self.headers.iter();
        for (name, value) in kept.filter(|(name, _)| !own.contains(&name.to_lowercase().as_str())) {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        // A response to HEAD tells a length and has no body.
        let length = match self.length() {
            Some(length) if self.body.is_empty() => length,
            _ => self.body.len(),
        };
        bytes.extend(format!("Content-Length: {length}\r\nConnection: close\r\n\r\n").bytes());
        bytes.extend(&self.body);
        to.write_all(&bytes)?;
        to.flush()
    }

    /// The value of a header by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Of a request: its verb and what it asks for.
    pub(crate) fn asks(&self) -> (&str, &str) {
        let mut words = self.start.split(' ');
        (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        )
    }

    /// Of a response: its status.
    pub(crate) fn status(&self) -> u16 {
        let word = self.start.split(' ').nth(1);
        word.and_then(|word| word.parse().ok()).unwrap_or(0)
    }

    fn head(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let start = line(from)?;
        if start.is_empty() {
            return Ok(None);
        }
        let mut headers = Vec::new();
        loop {
            let line = line(from)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Ok(Some(Self {
            start,
            headers,
            body: Vec::new(),
        }))
    }

    fn is_chunked(&self) -> bool {
        self.header("transfer-encoding")
            .is_some_and(|how| how.contains("chunked"))
    }

    fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

fn chunks(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(from)?;
        let size = size.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
        let start = body.len();
        body.resize(start + size, 0);
        from.read_exact(&mut body[start..])?;
        line(from)?;
        if size == 0 {
            return Ok(body);
        }
    }
}
