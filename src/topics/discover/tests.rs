//! Each rule of discovery, on articles made up for it.
