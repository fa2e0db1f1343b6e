"""Drives a sandbox with the client that openapi-python-client generates from the API specification, unchanged.

Usage: python_client.py OPENAPI_JSON SANDBOX_PROGRAM WORK_DIR

It calls all 17 operations and the token endpoint, and compares what the generated models decode. `cargo xtask interop
python` runs it.
"""

import base64
import datetime
import importlib
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

PACKAGE = "ostrom_generated"


def generate(document, work):
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--meta", "none"]
    subprocess.run(command + ["--output-path", os.path.join(work, PACKAGE), "--overwrite"], check=True)
    sys.path.insert(0, work)


def start_sandbox(program):
    arguments = ["--linked-user", "user-42", "--clock", "2025-04-15T12:00:00Z", "--rate-limit", "none"]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, text=True)
    variables = {}
    for line in process.stdout:
        if line.startswith("export "):
            name, value = line.removeprefix("export ").strip().split("=", 1)
            variables[name] = value
        if line.startswith("A token, by hand"):
            return process, variables
    raise SystemExit("the sandbox did not start")


def start_receiver():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/hook"


def model(name):
    return importlib.import_module(f"{PACKAGE}.models.{name}")


class Calls:
    """Calls operations, and counts them."""

    def __init__(self, client):
        self.client = client
        self.count = 0

    def __call__(self, operation, *arguments, **options):
        api = importlib.import_module(f"{PACKAGE}.api.{operation}")
        response = api.sync_detailed(*arguments, client=self.client, **options)
        assert response.status_code == 200, f"{operation}: {response.status_code} {response.content}"
        self.count += 1
        print(f"  {operation:70} {response.status_code.value}")
        return response.parsed


def clients(variables):
    """Fetches a token for each role, and returns the client with it."""
    client = importlib.import_module(f"{PACKAGE}.client").AuthenticatedClient
    body = model("create_o_auth_2_token_body").CreateOAuth2TokenBody.from_dict({"grant_type": "client_credentials"})
    for role in ["USER", "PARTNER"]:
        credentials = f"{variables[f'OSTROM_{role}_CLIENT_ID']}:{variables[f'OSTROM_{role}_CLIENT_SECRET']}"
        basic = base64.b64encode(credentials.encode()).decode()
        auth = Calls(client(base_url=variables["OSTROM_AUTH_URL"], token=basic, prefix="Basic"))
        token = auth("auth.create_o_auth_2_token", body=body).access_token
        yield Calls(client(base_url=variables["OSTROM_API_URL"], token=token))


def drive(variables):
    user, partner = clients(variables)
    start = datetime.datetime(2025, 3, 28, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    end = start + datetime.timedelta(days=2)
    hours = {"start_date": start, "end_date": end}

    me = user("users.get_me")
    assert me.language == "GERMAN" and me.email, me
    contracts = user("contracts.get_contracts").data
    contract = contracts[0]
    assert contract.id == 100523456 and contract.current_monthly_deposit_amount == "120.00", contract
    assert contract.address.house_number == "35", contract
    resolution = model("get_contract_energy_consumption_resolution").GetContractEnergyConsumptionResolution.HOUR
    # The generated client formats the id, a `number`, as `100523456.0` if it is a float.
    consumption = user(
        "contracts.get_contract_energy_consumption", float(contract.id), resolution=resolution, **hours
    ).data
    assert len(consumption) == 48 and all(hour.k_wh > 0 for hour in consumption), consumption
    resolution = model("get_spot_prices_resolution").GetSpotPricesResolution.HOUR
    prices = user("prices.get_spot_prices", resolution=resolution, zip_="22083", **hours).data
    assert len(prices) == 48 and all(hour.gross_kwh_tax_and_levies > 0 for hour in prices), prices

    contract = partner("contracts.get_contracts_by_external_user_id", "user-42").data[0]
    again = partner("contracts.get_contract_by_external_user_id", "user-42", contract.id)
    assert again == contract
    resolution = model(
        "get_contract_energy_consumption_by_external_user_id_resolution"
    ).GetContractEnergyConsumptionByExternalUserIdResolution.DAY
    partner(
        "contracts.get_contract_energy_consumption_by_external_user_id",
        "user-42",
        contract.id,
        resolution=resolution,
        **hours,
    )
    order = partner("orders.get_orders_by_external_user_id", "user-42").data[0]
    assert partner("orders.get_order_by_external_user_id", "user-42", order.id) == order
    products = partner("products.get_product_prices", zip_="22083", number_of_residents=2.0).data
    assert products[0].yearly_comsumption == 2000, products

    body = importlib.import_module(f"{PACKAGE}.models.link_user_body").LinkUserBody.from_dict(
        {
            "externalUserId": "user-43",
            "language": "de-DE",
            "redirectUrl": "https://partner.example/linked",
            "scopes": ["contract:read:data"],
        }
    )
    assert partner("users.link_user", body=body).link_url
    partner("users.disconnect_user", "user-43")

    body = model("create_webhook_body").CreateWebhookBody(url=start_receiver(), secret="s3cret")
    webhook = partner("webhooks.create_webhook", body=body)
    assert partner("webhooks.get_webhooks").data[0].id == webhook.id
    assert partner("webhooks.get_webhook", webhook.id).url == webhook.url
    partner("webhooks.test_webhook", webhook.id)
    partner("webhooks.delete_webhook", webhook.id)
    assert user.count + partner.count == 17, (user.count, partner.count)


def main():
    document, program, work = sys.argv[1:]
    os.makedirs(work, exist_ok=True)
    generate(document, work)
    process, variables = start_sandbox(program)
    try:
        drive(variables)
    finally:
        process.terminate()
        process.wait()
    print("\nThe generated client called 17 of 17 operations, and the token endpoint.")


if __name__ == "__main__":
    main()
