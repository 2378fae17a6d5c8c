import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Answer } from '../../interactions/http/answer.js';
import { AnswersAs } from '../../interactions/http/answers-as.decorator.js';
import { AccessSettings } from '../access-settings.js';
import { Public } from '../public.decorator.js';

/** Where enforcement points ask (AuthZEN §9). */
@ApiTags('AuthZEN')
@Controller('.well-known')
export class AuthzenConfigurationController {
  constructor(private readonly settings: AccessSettings) {}

  @Get('authzen-configuration')
  @Public('Enforcement points read it to learn where to ask; it tells what the documentation tells')
  @AnswersAs('application/json')
  @ApiOperation({
    summary: 'Where the decision point is asked',
    description: 'The metadata of OpenID AuthZEN 1.0.',
  })
  @ApiProduces('application/json')
  @ApiResponse({
    status: 200,
    description: 'Metadata of the policy decision point',
    schema: {
      type: 'object',
      example: {
        policy_decision_point: 'https://wardgate.example.com',
        access_evaluation_endpoint: 'https://wardgate.example.com/access/v1/evaluation',
        access_evaluations_endpoint: 'https://wardgate.example.com/access/v1/evaluations',
      },
    },
  })
  configuration(): Answer {
    const { baseUrl } = this.settings;
    const metadata = {
      policy_decision_point: baseUrl,
      access_evaluation_endpoint: `${baseUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${baseUrl}/access/v1/evaluations`,
    };
    return { status: 200, headers: {}, text: JSON.stringify(metadata) };
  }
}
