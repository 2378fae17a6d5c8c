import { Controller, Delete, Get, Patch, Post, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { NotFound } from '../errors/fhir-error.js';

const ANY_PATH = ['', '*'];

/**
 * Whatever no other route serves. Being a route, it passes the guard, so that nobody learns what exists
 * without a credential. OPTIONS is left to CORS; methods that HTTP APIs do not use, to the server.
 */
@ApiExcludeController()
@Controller()
export class UnknownRouteController {
  @Get(ANY_PATH)
  get(): never {
    return refuse();
  }

  @Post(ANY_PATH)
  post(): never {
    return refuse();
  }

  @Put(ANY_PATH)
  put(): never {
    return refuse();
  }

  @Patch(ANY_PATH)
  patch(): never {
    return refuse();
  }

  @Delete(ANY_PATH)
  delete(): never {
    return refuse();
  }
}

function refuse(): never {
  throw new NotFound('There is no such route, or not with this method');
}
