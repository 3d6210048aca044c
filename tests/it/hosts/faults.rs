//! Network failures: a proxy that interrupts, refuses, delays and damages.

use std::io::{BufReader, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::http::Message;

/// What goes wrong, and with which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// Every so manieth is cut off before the server sees it.
    CutBefore(usize),
    /// Every so manieth is done, and its answer is lost.
    CutAfter(usize),
    /// Every so manieth is answered with this status.
    Refused(u16, usize),
    /// Each is answered so much later.
    Slow(Duration),
    /// Every so manieth of those that bring something arrives with another byte in it.
    Damaged(usize),
    /// From this one on, none is answered.
    DeadFrom(usize),
}

/// A proxy in front of a server. It ends with the process.
pub(crate) struct Proxy {
    pub address: String,
    state: Arc<State>,
}

struct State {
    server: String,
    now: Mutex<Now>,
    struck: AtomicUsize,
}

struct Now {
    fault: Fault,
    requests: usize,
    puts: usize,
}

impl Proxy {
    /// In front of the server at this address.
    pub(crate) fn of(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            server: server.trim_start_matches("http://").to_owned(),
            now: Mutex::new(Now {
                fault: Fault::None,
                requests: 0,
                puts: 0,
            }),
            struck: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                // Where one side is gone there is nobody to tell.
                std::thread::spawn(move || state.pass(&stream));
            }
        });
        Self {
            address: format!("http://{address}"),
            state,
        }
    }

    /// From now on this goes wrong; requests are counted from 1 again.
    pub(crate) fn set(&self, fault: Fault) {
        let mut now = self.state.now.lock().expect("no other failed");
        *now = Now {
            fault,
            requests: 0,
            puts: 0,
        };
        self.state.struck.store(0, Ordering::SeqCst);
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.state.now.lock().expect("no other failed").requests
    }

    /// How often it went wrong.
    pub(crate) fn struck(&self) -> usize {
        self.state.struck.load(Ordering::SeqCst)
    }
}

impl State {
    fn pass(&self, stream: &TcpStream) -> std::io::Result<()> {
        let Some(mut request) = Message::request(&mut BufReader::new(stream), &mut &*stream)?
        else {
            return Ok(());
        };
        let (fault, number, put) = {
            let mut now = self.now.lock().expect("no other failed");
            now.requests += 1;
            let brings = request.asks().0 == "PUT" && !request.body.is_empty();
            now.puts += usize::from(brings);
            (now.fault, now.requests, brings.then_some(now.puts))
        };
        let strikes = match fault {
            Fault::None => false,
            Fault::Slow(_) => true,
            Fault::CutBefore(every) | Fault::CutAfter(every) | Fault::Refused(_, every) => {
                number % every == 0
            }
            Fault::Damaged(every) => put.is_some_and(|put| put % every == 0),
            Fault::DeadFrom(first) => number >= first,
        };
        if !strikes {
            return self.forward(&request)?.send(&mut &*stream);
        }
        self.struck.fetch_add(1, Ordering::SeqCst);
        match fault {
            Fault::None => {}
            Fault::CutBefore(_) | Fault::DeadFrom(_) => {}
            Fault::CutAfter(_) => {
                self.forward(&request)?;
            }
            Fault::Refused(status, _) => {
                let body =
                    b"<Error><Code>InternalError</Code><Message>Try again.</Message></Error>";
                let start = format!("HTTP/1.1 {status} Not now");
                let headers = [("Content-Type", "application/xml")];
                Message::new(start, &headers, body).send(&mut &*stream)?;
            }
            Fault::Slow(time) => {
                std::thread::sleep(time);
                self.forward(&request)?.send(&mut &*stream)?;
            }
            Fault::Damaged(_) => {
                let middle = request.body.len() / 2;
                request.body[middle] ^= 1;
                self.forward(&request)?.send(&mut &*stream)?;
            }
        }
        (&*stream).flush()?;
        stream.shutdown(Shutdown::Both)
    }

    fn forward(&self, request: &Message) -> std::io::Result<Message> {
        let server = TcpStream::connect(&self.server)?;
        request.send(&mut &server)?;
        Message::response(&mut BufReader::new(server))
    }
}
