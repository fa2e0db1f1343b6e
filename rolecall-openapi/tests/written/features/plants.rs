//! What grows. See the guide.

use rolecall::{Bytes, Error, FilePart, Public, Text, api, endpoint};

use super::models::*;
use super::roles::{Gardener, Key, KeyOrOauth, Owner};

/// What grows. See the guide.
#[api(role = Key)]
pub trait PlantsApi {
    /// Lists plants
    #[endpoint(method = GET, path = "/plants", role = any(Gardener, Owner))]
    async fn list_plants(
        &self,
        #[query(list = "comma")] ids: &[i64],
        #[query(nested)] filter: Option<&ListPlantsFilter>,
        #[header("x-trace")] x_trace: Option<&str>,
        #[query(flatten)] query: Option<&ListPlantsQuery>,
    ) -> Result<Vec<Plant>, Error>;

    /// Required role: `OWNER`
    #[endpoint(method = POST, path = "/plants", role = Owner)]
    async fn add_plant(
        &self,
        #[body] body: &Plant,
        #[query] locale: Option<&str>,
    ) -> Result<AddPlantResponse, Error>;

    /// GET /plants/{plant-id}
    #[deprecated]
    #[endpoint(method = GET, path = "/plants/{plant-id}", role = any(Public, Key))]
    async fn plants_get(&self, plant_id: &NumberOrText) -> Result<Option<Plant>, Error>;

    /// DELETE /plants/{plant-id}
    ///
    /// Scope: `write`
    #[endpoint(method = DELETE, path = "/plants/{plant-id}", role = KeyOrOauth)]
    async fn delete_plants_by_plant_id(&self, plant_id: &NumberOrText) -> Result<(), Error>;

    /// PUT /plants/{plant-id}/photo
    #[endpoint(method = PUT, path = "/plants/{plant-id}/photo", accept = "image/png")]
    async fn put_photo(
        &self,
        plant_id: &str,
        #[body(bytes, content_type = "image/png")] body: Option<Bytes>,
    ) -> Result<Bytes, Error>;

    /// POST /plants/{plant-id}/photo
    #[endpoint(method = POST, path = "/plants/{plant-id}/photo", accept = "text/plain")]
    async fn upload_photo(
        &self,
        plant_id: &str,
        #[part] file: Option<FilePart>,
    ) -> Result<Text, Error>;
}
