//! Contracts and their energy consumption.
//!
//! The trait's methods are the operations of the API specification. For long time ranges use the streams
//! [`energy_consumption`] and [`energy_consumption_by_external_user_id`].

mod consumption;
mod models;
mod stream;

use ostrom_core::{Partner, User};
use rolecall::{Error, api, endpoint};

pub use consumption::Consumption;
pub(crate) use consumption::{Reading, readings};
pub use models::{
    ContractStatus, GetContractsEnergyConsumptionItemResponse, GetContractsEnergyConsumptionResponse,
    GetContractsItemResponse, GetContractsResponse,
};
pub use stream::{ConsumptionStream, energy_consumption, energy_consumption_by_external_user_id};

use crate::id::Id;
use crate::range::TimeRange;

/// Contracts and their energy consumption.
#[api]
pub trait ContractsApi {
    /// Retrieves the user's contracts.
    #[endpoint(method = GET, path = "/contracts", role = User)]
    async fn get_contracts(&self) -> Result<GetContractsResponse, Error>;

    /// Retrieves the energy consumption of one of the user's contracts, in kWh.
    #[endpoint(method = GET, path = "/contracts/{contractId}/energy-consumption", role = User)]
    async fn get_contract_energy_consumption(
        &self,
        contract_id: &Id,
        #[query(flatten)] range: &TimeRange,
    ) -> Result<GetContractsEnergyConsumptionResponse, Error>;

    /// Retrieves the contracts of one of the partner's users.
    #[endpoint(method = GET, path = "/users/{externalUserId}/contracts", role = Partner)]
    async fn get_contracts_by_external_user_id(&self, external_user_id: &str) -> Result<GetContractsResponse, Error>;

    /// Retrieves a contract of one of the partner's users.
    #[endpoint(method = GET, path = "/users/{externalUserId}/contracts/{contractId}", role = Partner)]
    async fn get_contract_by_external_user_id(
        &self,
        external_user_id: &str,
        contract_id: &Id,
    ) -> Result<GetContractsItemResponse, Error>;

    /// Retrieves the energy consumption of a contract of one of the partner's users, in kWh.
    #[endpoint(
        method = GET,
        path = "/users/{externalUserId}/contracts/{contractId}/energy-consumption",
        role = Partner
    )]
    async fn get_contract_energy_consumption_by_external_user_id(
        &self,
        external_user_id: &str,
        contract_id: &Id,
        #[query(flatten)] range: &TimeRange,
    ) -> Result<GetContractsEnergyConsumptionResponse, Error>;
}
