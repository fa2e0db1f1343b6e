//! A macro that emits an API, with the runtime where the macro's own crate has it.

pub mod rt {
    pub use rolecall::*;
}

#[macro_export]
macro_rules! things_api {
    ($name:ident) => {
        #[$crate::rt::api(crate = $crate::rt)]
        pub trait $name {
            #[$crate::rt::endpoint(method = GET, path = "/things", role = $crate::rt::Public)]
            async fn things(&self) -> Result<String, $crate::rt::Error>;

            #[$crate::rt::endpoint(method = GET, path = "/things/{id}", role = any($crate::Reader))]
            async fn thing(&self, id: &str, #[query] limit: Option<u32>) -> Result<Option<String>, $crate::rt::Error>;
        }
    };
}

#[derive(Debug)]
pub enum Reader {}

impl rolecall::Role for Reader {
    const NAME: &'static str = "READER";
}

mod inner {
    pub mod rt {}

    things_api!(ThingsApi);
}

fn main() {
    use inner::ThingsApi;

    let calls = |client: &rolecall::Client<Reader>| drop((client.things(), client.thing("a", None)));
    let _ = calls;
    assert_eq!(<rolecall::Client<Reader> as ThingsApi>::ENDPOINTS.len(), 2);
}
