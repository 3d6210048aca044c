//! Templates and themes are embedded in the program, so it is made again when they change.

fn main() {
    println!("cargo:rerun-if-changed=templates");
    println!("cargo:rerun-if-changed=themes");
}
